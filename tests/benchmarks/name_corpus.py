"""A million fictional account names, and what people do to a name when they type it. Seeded: the same at every run.

Persons take their surnames with about the shares that surnames have in China, and given names from characters with a
long tail; companies are place, brand, trade and form; names with a separator dot and Latin names follow their own
patterns. Names are drawn until a million different ones are there: how many draws that took is how many accounts a bank
with these names would have.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import accumulate

import opencc

from desk.rules.names.readings import toneless

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤康易乔文赖樊兰殷施陶洪翟安颜倪牛温芦季俞章鲁葛伍"
    "申尤毕聂柴焦欧柳祝岳齐梅庄辛管左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮"
    "桂闵解强丛华车冉房边辜吉饶瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀姬"
)
_COMPOUND = "欧阳 上官 司马 诸葛 皇甫 尉迟 令狐 慕容 东方 司徒 端木 公孙".split()
_GIVEN = (
    "伟芳娜敏静秀英丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文玉红志海春梅林峰宇欣佳子涵梓轩浩然雨晨阳晓雪婷慧琳颖璐倩瑶怡悦思博俊凯"
    "旭鑫帅鹏飞翔龙成永庆福贵荣昌盛兴德正义仁礼智信忠孝家安康宁健乐天长生金银宝珍珠琴棋书画诗词歌赋云霄星辰月亮光辉耀祖宗光新东南西北"
    "中山川江河湖泉波清洁润泽源森柏松竹菊莲荷花蕾蓉蓓芝芬芸茜莉莎萍萌薇蕊青翠碧丹彤彩虹紫黛素洁白冰霜露凝岚岩石磊铁钢锋锐利剑武斌彬"
    "斐炜炎焱煜烨灿炳焕煌凤凰鸾鹤鸿雁燕莺鹂骏骥驰骋腾跃奔进达通远近道之以为可心必恒毅坚定学勤奋勉励敬诚谦和善良美好妍媛嫣妮娅婉娴姗"
)
_PLACES = (
    "上海 北京 广州 深圳 天津 重庆 杭州 南京 苏州 武汉 成都 西安 青岛 大连 宁波 厦门 长沙 郑州 济南 沈阳 哈尔滨 昆明 合肥 福州 南昌 "
    "石家庄 太原 无锡 佛山 东莞 温州 泉州 烟台 常州 徐州 南通 嘉兴 绍兴 金华 台州 中山 珠海 惠州 潍坊 临沂 洛阳 扬州 盐城 保定 唐山"
).split()
_TRADES = (
    "贸易 科技 电子 机械 精密机械 建筑工程 建筑装饰 信息技术 网络科技 物流 货运代理 餐饮管理 食品 服装 纺织 化工 医药 医疗器械 汽车销售 "
    "房地产开发 物业管理 广告传媒 文化传播 教育咨询 企业管理咨询 人力资源 旅行社 酒店管理 环保科技 新能源 农业科技 园林绿化 家具 五金 "
    "塑料制品 包装材料 印刷 仪器仪表 自动化设备 电力工程 进出口 电子商务 供应链管理 珠宝 茶叶 水产 玩具 体育用品 安防技术 检测技术"
).split()
_FORMS = (("有限公司", 70), ("有限责任公司", 14), ("股份有限公司", 6), ("集团有限公司", 5), ("厂", 3), ("分公司", 2))
_DOTTED = (
    "阿依古丽 买买提 古丽娜尔 阿不都拉 帕提古丽 艾合买提 热依汗 吐尔逊 阿迪力 玉苏甫 米热古丽 努尔兰 哈力克 沙吾提 祖丽菲亚 木拉提 "
    "艾尼瓦尔 阿孜古丽 麦麦提 依明 卡德尔 库尔班 塔依尔 亚森 居马 赛买提 布海丽且 热孜万 阿曼古丽 肉孜 艾力 阿卜杜热合曼 图尔荪 努尔麦麦提 "
    "扎西 卓玛 次仁 德吉 央金 多吉 平措 旺堆 拉姆 格桑 白玛 索朗"
).split()
_LATIN_FIRST = (
    "JAMES MARY JOHN PATRICIA ROBERT JENNIFER MICHAEL LINDA DAVID ELIZABETH WILLIAM BARBARA RICHARD SUSAN JOSEPH JESSICA "
    "THOMAS SARAH CHARLES KAREN DANIEL NANCY MATTHEW LISA ANTHONY BETTY MARK HELEN DONALD SANDRA STEVEN DONNA PAUL CAROL "
    "ANDREW RUTH JOSHUA SHARON KENNETH MICHELLE KEVIN LAURA BRIAN AMY GEORGE ANNA PIERRE MARIE HANS INGRID YUKI KENJI "
    "HIROSHI AKIKO MIN-JUN SEO-YEON NGUYEN LINH IVAN OLGA SERGEI NATASHA AHMED FATIMA CARLOS LUCIA"
).split()
_LATIN_LAST = (
    "SMITH JOHNSON WILLIAMS BROWN JONES GARCIA MILLER DAVIS RODRIGUEZ MARTINEZ HERNANDEZ LOPEZ GONZALEZ WILSON ANDERSON "
    "THOMAS TAYLOR MOORE JACKSON MARTIN LEE PEREZ THOMPSON WHITE HARRIS SANCHEZ CLARK RAMIREZ LEWIS ROBINSON WALKER YOUNG "
    "ALLEN KING WRIGHT SCOTT TORRES NGUYEN HILL FLORES GREEN ADAMS NELSON BAKER HALL RIVERA CAMPBELL MITCHELL CARTER "
    "ROBERTS DUBOIS MOREAU LAURENT MULLER SCHMIDT SCHNEIDER FISCHER WEBER TANAKA SUZUKI WATANABE YAMAMOTO KIM PARK CHOI "
    "TRAN PHAM IVANOV PETROV SOKOLOV KHAN HUSSAIN SILVA SANTOS O'NEILL MACDONALD VAN DEN BERG"
).split()
CLASSES = ("person", "company", "dotted", "latin")
_SHARES = (72, 22, 3, 3)
_LEVEL_ONE = bytes(range(0xA1, 0xFF))
_TAIL = "".join(
    bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in _LEVEL_ONE
)
_SINGLE_GIVEN = 0.14
_RARE = "䶮㛃㸆𬭼龑"
_RARE_SHARE = 0.001
_COMPOUND_SHARE = 0.004

Draw = Callable[[random.Random], str]


class _Weighted:
    """Draws by falling weights."""

    def __init__(self, items: list[str], weights: list[float]) -> None:
        self._items, self._weights = items, list(accumulate(weights))

    def draw(self, chance: random.Random) -> str:
        return chance.choices(self._items, cum_weights=self._weights)[0]


_SURNAME = _Weighted(list(_SURNAMES), [1 / (rank + 10) for rank in range(len(_SURNAMES))])
_GIVEN_CHARACTERS = list(dict.fromkeys(_GIVEN + _TAIL))
_GIVEN_CHARACTER = _Weighted(
    _GIVEN_CHARACTERS, [1 / (rank + 30) ** 1.15 for rank in range(len(_GIVEN_CHARACTERS))]
)
_FORM = _Weighted([form for form, _ in _FORMS], [share for _, share in _FORMS])
_PLACE = _Weighted(_PLACES, [1 / (rank + 8) for rank in range(len(_PLACES))])
_TRADE = _Weighted(_TRADES, [1 / (rank + 8) for rank in range(len(_TRADES))])


def _person(chance: random.Random) -> str:
    surname = chance.choice(_COMPOUND) if chance.random() < _COMPOUND_SHARE else _SURNAME.draw(chance)
    given = _GIVEN_CHARACTER.draw(chance)
    if chance.random() > _SINGLE_GIVEN:
        given += chance.choice(_RARE) if chance.random() < _RARE_SHARE else _GIVEN_CHARACTER.draw(chance)
    return surname + given


def _company(chance: random.Random) -> str:
    brand = _GIVEN_CHARACTER.draw(chance) + _GIVEN_CHARACTER.draw(chance)
    place = _PLACE.draw(chance)
    form = _FORM.draw(chance)
    name = f"{place}{brand}{_TRADE.draw(chance)}{form}"
    if form == "分公司":
        name = name.removesuffix("分公司") + f"有限公司{_PLACE.draw(chance)}分公司"
    elif chance.random() < 0.05:
        name = f"{brand}({place}){name[len(place) + len(brand):]}"
    return name


def _dotted(chance: random.Random) -> str:
    parts = [chance.choice(_DOTTED), chance.choice(_DOTTED)]
    if chance.random() < 0.3:
        parts.append(chance.choice(_DOTTED))
    if chance.random() < 0.9:
        at = chance.randrange(len(parts))
        parts[at] = parts[at][: chance.randint(1, 3)] + chance.choice("古丽尔提拉汗木阿依努买艾克沙热玛措")
    return "·".join(parts)


def _latin(chance: random.Random) -> str:
    first, last = chance.choice(_LATIN_FIRST), chance.choice(_LATIN_LAST)
    middle = chance.choice(["", "", chr(65 + chance.randrange(26)), chance.choice(_LATIN_FIRST)])
    return " ".join(filter(None, (first, middle, last)))


_DRAW: dict[str, Draw] = {"person": _person, "company": _company, "dotted": _dotted, "latin": _latin}


def names(count: int, seed: int) -> dict[str, str]:
    """``count`` different names and the class of each."""
    chance = random.Random(seed)
    found: dict[str, str] = {}
    while len(found) < count:
        for kind in chance.choices(CLASSES, _SHARES, k=min(10_000, count)):
            found.setdefault(_DRAW[kind](chance), kind)
            if len(found) == count:
                break
    return found


# --- what typing does to a name -------------------------------------------------------------------------------

_TRADITIONAL = opencc.OpenCC("s2t")
_BY_SOUND: dict[str, list[str]] = {}
for _char in dict.fromkeys(_GIVEN + _SURNAMES + _TAIL):
    for _sound in toneless(_char):
        _BY_SOUND.setdefault(_sound, []).append(_char)


def _any_character(name: str, chance: random.Random) -> str:
    letters = name.isascii()
    return chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if letters else _GIVEN_CHARACTER.draw(chance)


def _substituted(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + _any_character(name, chance) + name[at + 1 :]


def _deleted(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def _inserted(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) + 1)
    return name[:at] + _any_character(name, chance) + name[at:]


def _transposed(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _homophone(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    alike = [other for sound in toneless(name[at]) for other in _BY_SOUND.get(sound, ()) if other != name[at]]
    return name[:at] + chance.choice(sorted(alike)) + name[at + 1 :] if alike else _substituted(name, chance)


def _traditional(name: str, chance: random.Random) -> str:
    return str(_TRADITIONAL.convert(name))


def _two_wrong(name: str, chance: random.Random) -> str:
    return _substituted(_substituted(name, chance), chance)


def _unchanged(name: str, chance: random.Random) -> str:
    return name


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "unchanged": _unchanged,
    "one replaced": _substituted,
    "one missing": _deleted,
    "one too many": _inserted,
    "two swapped": _transposed,
    "homophone": _homophone,
    "traditional": _traditional,
    "two replaced": _two_wrong,
}
"""The error model. For Latin names a homophone is a replaced letter, and traditional no change."""


def queries(corpus: dict[str, str], each: int, seed: int) -> Iterator[tuple[str, str, str, str]]:
    """(class, edit, the name meant, what was typed): ``each`` of every class and edit."""
    chance = random.Random(seed)
    by_class: dict[str, list[str]] = {kind: [] for kind in CLASSES}
    for name, kind in corpus.items():
        by_class[kind].append(name)
    for kind in CLASSES:
        for edit, change in EDITS.items():
            for _ in range(each):
                meant = chance.choice(by_class[kind])
                yield kind, edit, meant, change(meant, chance)
