"""Pairs of names of every kind, made without asking the product: own tables of characters, readings and forms.

A pair is of one kind by the way it is made. Where two kinds could meet in one pair the makers keep them apart, each on
the ground stated beside it. Characters are standard simplified ones, none of which is another's traditional form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

Pair = tuple[str, str]
Maker = Callable[[Random], Pair]

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田"
    "董潘袁蔡蒋余杜叶程魏苏吕丁任沈姚卢姜崔谭陆汪范"
)
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "慕容", "司徒", "尉迟", "公孙")

SOUNDS: Mapping[str, str] = {
    "wei": "伟玮炜纬", "xiao": "晓小筱", "ming": "铭茗鸣名", "jing": "敬靖婧静", "jie": "杰捷洁婕", "jun": "军君钧",
    "hui": "慧惠卉", "wen": "雯文闻", "yu": "宇羽禹雨", "hong": "宏鸿洪", "jia": "佳嘉家", "xin": "欣新心馨",
    "jian": "健剑建", "zhi": "志智致", "ping": "平萍", "ying": "英瑛樱", "qin": "琴勤芹", "qing": "青清卿",
    "yun": "芸云", "gang": "刚钢纲", "lan": "兰岚", "mei": "梅玫眉", "yan": "艳彦燕", "xiang": "翔祥",
    "yang": "洋阳扬", "kai": "凯铠楷", "hao": "浩皓昊", "han": "涵晗", "rui": "瑞锐睿", "xuan": "轩萱",
    "zi": "梓紫", "yi": "怡宜", "fei": "菲飞", "zhen": "珍贞真", "li": "莉立丽",
}  # fmt: skip
"""Toneless reading → characters of one sound and tone."""

APART = "芳涛磊敏勇超霞娟婷雪丹波春秋海康斌梦露"
"""Given names of which no two share a reading."""

U_UMLAUT: Mapping[str, tuple[str, ...]] = {"绿": ("LV", "LYU", "LÜ", "lv"), "律": ("LV", "LU", "LYU", "lü")}

TRADITIONAL: Mapping[str, str] = dict(
    zip(
        "张刘陈杨赵吴孙马罗郑谢许邓韩冯蒋叶苏吕卢谭陆伟玮炜纬晓铭鸣军钧闻鸿剑军兰岚凯铠锐贞涛娟梦东国华龙凤庆义礼万辉红",
        "張劉陳楊趙吳孫馬羅鄭謝許鄧韓馮蔣葉蘇呂盧譚陸偉瑋煒緯曉銘鳴軍鈞聞鴻劍軍蘭嵐凱鎧銳貞濤娟夢東國華龍鳳慶義禮萬輝紅",
        strict=True,
    )
)
"""One to one, as OpenCC simplifies them; 乾 is left out, which it keeps in some phrases."""

PRIVATE: Mapping[str, str] = {
    "\u4dae": "\ue863", "\u9fb4": "\ue81e", "\u9fb7": "\ue82c", "\u9fbb": "\ue864", "\U00020087": "\ue816",
    "\U000200cc": "\ue818", "\U000215d7": "\ue831", "\U0002298f": "\ue83b", "\U000241fe": "\ue855",
}  # fmt: skip

PARTS = (
    "阿卜来提", "如则托合提", "买买提", "吐尔逊", "阿依古丽", "艾山", "玉素甫", "古丽", "努尔", "卓玛", "扎西",
    "才让", "多吉", "索朗", "次仁", "尼玛", "拉姆", "买买江", "热依汗", "帕提古丽", "木合塔尔", "依明", "哈力克",
    "旺堆", "央金",
)  # fmt: skip
PLACES = (
    "北京",
    "上海",
    "天津",
    "重庆",
    "广州",
    "深圳",
    "南京",
    "杭州",
    "成都",
    "武汉",
    "西安",
    "苏州",
    "厦门",
    "青岛",
)
BRAND = "恒通达源泰茂丰益美隆康顺旺荣"
"""Characters of company names of which no two share a reading."""
TRADES = ("科技", "贸易", "实业", "物流", "食品", "电子", "机械", "服饰", "环保", "化工", "纺织", "医药")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "集团股份有限公司")
REGIONS = ("新疆维吾尔自治区伊犁哈萨克自治州", "内蒙古自治区锡林郭勒盟锡林浩特市", "四川省阿坝藏族羌族自治州")
GIVEN_LATIN = (
    "John", "Mary", "Peter", "Anna", "Michael", "Laura", "Robert", "Nadia", "Thomas", "Ingrid", "Pavel", "Keiko",
    "Amelie", "Bogdan", "Chiara", "Dmitri", "Elena", "Farid", "Giulia", "Henrik", "Ivana", "Jorge", "Katrin", "Lorenzo",
)  # fmt: skip
MIDDLE_LATIN = (
    "", "Louise", "Edward", "Grace", "Quentin", "Victor", "Beatrix", "Duncan", "Rosalind", "Stefan", "Umberto",
    "Walter", "Yasmin", "Zacharias", "Oskar", "Noemi",
)  # fmt: skip
FAMILY_LATIN = (
    "Smith", "Tanaka", "Mueller", "Kowalski", "Johnson", "Petrov", "Garcia", "Okafor", "Lindqvist", "Hughes", "Abadi",
    "Brandt", "Castillo", "Dubois", "Eriksen", "Fontaine", "Gruber", "Haddad", "Ibrahim", "Jansen", "Kimura", "Lopez",
)  # fmt: skip
ACCENTS: Mapping[str, str] = {
    "a": "áàâäã",
    "e": "éèêë",
    "i": "íìîï",
    "o": "óòôöõ",
    "u": "úùûü",
    "n": "ñń",
    "c": "çć",
    "s": "śš",
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


# --- names ----------------------------------------------------------------------------------------------------


def surname(draw: Random) -> str:
    return draw.choice(COMPOUND) if draw.random() < 0.15 else draw.choice(SURNAMES)


def given(draw: Random) -> str:
    return "".join(draw.choice(APART + "".join(SOUNDS.values())) for _ in range(draw.randint(1, 2)))


def person(draw: Random) -> str:
    return surname(draw) + given(draw)


def minority(draw: Random) -> str:
    return "·".join(draw.sample(PARTS, draw.choice((2, 2, 2, 3))))


def stem(draw: Random) -> str:
    return draw.choice(PLACES) + "".join(draw.sample(BRAND, 2)) + draw.choice(TRADES)


def company(draw: Random) -> str:
    return stem(draw) + draw.choice(FORMS)


def latin(draw: Random) -> str:
    words = (draw.choice(GIVEN_LATIN), draw.choice(MIDDLE_LATIN), draw.choice(FAMILY_LATIN))
    return " ".join(word for word in words if word)


def anybody(draw: Random) -> str:
    return draw.choice((person, minority, company, latin))(draw)


# --- the same name --------------------------------------------------------------------------------------------


def exact(draw: Random) -> Pair:
    name = anybody(draw)
    return name, name


def _full_width(name: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in name)


def normalised(draw: Random) -> Pair:
    """Written otherwise by one of the listed steps, and by no other."""
    name = draw.choice((minority, latin, company))(draw)
    if "·" in name:
        return name, name.replace(
            "·", draw.choice(("\u2022", "\u30fb", "\uff65", "\u2027", "\u2219", "\u22c5", " · "))
        )
    if name.isascii():
        other = draw.choice((str.upper, str.lower, _full_width, lambda n: f" {n}".replace(" ", "  ")))(name)
        return (name, other) if other != name else (name, name.upper())
    at = draw.randint(1, len(name) - 1)
    put = draw.choice(
        (" ", "\u3000", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\ufe00", "\U000e0100")
    )
    return name, name[:at] + put + name[at:]


def accent_apart(draw: Random) -> Pair:
    """An accented letter as one character, and as two."""
    _, accented = diacritic(draw)
    return accented, unicodedata.normalize("NFD", accented)


# --- doubts about encoding ------------------------------------------------------------------------------------


def _traditional(draw: Random, name: str) -> str:
    places = [at for at, char in enumerate(name) if TRADITIONAL.get(char, char) != char]
    chosen = draw.sample(places, draw.randint(1, len(places))) if places else []
    return "".join(TRADITIONAL[char] if at in chosen else char for at, char in enumerate(name))


def trad(draw: Random) -> Pair:
    changing = [char for char, other in TRADITIONAL.items() if char != other]
    name = surname(draw) + draw.choice(("", draw.choice(APART))) + draw.choice(changing)
    return name, _traditional(draw, name)


def pua(draw: Random) -> Pair:
    rare = draw.choice(tuple(PRIVATE))
    before, after = surname(draw), draw.choice(("", draw.choice(APART)))
    return before + rare + after, before + PRIVATE[rare] + after


def dot_kind(draw: Random) -> Pair:
    name = minority(draw)
    return name, name.replace("·", draw.choice((".", "．", "。", "、", "-", " . ", " ．", "—")))


def dot_missing(draw: Random) -> Pair:
    name = minority(draw)
    return name, name.replace("·", draw.choice(("", "", " ", "\u3000")), draw.choice((1, -1)))


def pinyin_placeholder(draw: Random) -> Pair:
    if draw.random() < 0.1:
        char = draw.choice(tuple(U_UMLAUT))
        spelt = draw.choice(U_UMLAUT[char])
    else:
        sound = draw.choice(tuple(SOUNDS))
        char, spelt = (
            draw.choice(SOUNDS[sound]),
            draw.choice((sound, sound.upper(), f" {sound} ", _full_width(sound))),
        )
    before, after = surname(draw), draw.choice(("", draw.choice(APART)))
    return before + char + after, before + spelt + after


def truncated(draw: Random) -> Pair:
    """A field of 50 places, 25 Han. The rest holds no branch, and what is left is no whole company's name: the form
    stands behind the twenty-fifth character."""
    start = (draw.choice(REGIONS) + stem(draw) + draw.choice(TRADES))[:23]
    filled = start + "".join(draw.choice(BRAND) for _ in range(25 - len(start)))
    return filled, filled + draw.choice(TRADES) + draw.choice(FORMS)


def diacritic(draw: Random) -> Pair:
    name = latin(draw)
    places = [at for at, char in enumerate(name) if char in ACCENTS]
    chosen = draw.sample(places, draw.randint(1, min(3, len(places))))
    accented = "".join(draw.choice(ACCENTS[c]) if at in chosen else c for at, c in enumerate(name))
    return name, draw.choice((accented, accented.upper()))


def trad_and_dot(draw: Random) -> Pair:
    changing = [char for char, other in TRADITIONAL.items() if char != other]
    name = draw.choice(PARTS) + draw.choice(changing) + "·" + draw.choice(PARTS)
    return name, "".join(TRADITIONAL.get(c, c) for c in name).replace("·", draw.choice((".", "．", "、")))


# --- differences of substance ---------------------------------------------------------------------------------


def homophone(draw: Random) -> Pair:
    """One given character for another of its sound and tone; never one that the other is written as, for both are
    standard simplified characters."""
    group = draw.choice(tuple(SOUNDS.values()))
    one, other = draw.sample(group, 2)
    before, after = surname(draw), draw.choice(("", draw.choice(APART)))
    return before + one + after, before + other + after


def homophone_and_trad(draw: Random) -> Pair:
    """The surname is written otherwise besides."""
    group = draw.choice(tuple(SOUNDS.values()))
    one, other = draw.sample(group, 2)
    before = draw.choice([char for char in SURNAMES if TRADITIONAL.get(char, char) != char])
    after = draw.choice(("", draw.choice("磊敏勇超霞婷雪丹波春秋海")))  # written one way alone
    return before + one + after, TRADITIONAL[before] + other + after


def one_char(draw: Random) -> Pair:
    """One character of the brand replaced by one of another sound, put in, left out, or swapped with the next."""
    place, trade, form = draw.choice(PLACES), draw.choice(TRADES), draw.choice(FORMS)
    a, b, c = draw.sample(BRAND, 3)
    brand = a + b
    other = draw.choice((a + c, c + b, b + a, a + b + c, a + c + b, a, b))
    return place + brand + trade + form, place + other + trade + form


def company_form(draw: Random) -> Pair:
    begins = stem(draw)
    one, other = draw.sample(FORMS, 2)
    return begins + one, begins + other


def order(draw: Random) -> Pair:
    """The same words, all different, in another order; a comma may stand behind the first."""
    name = latin(draw)
    words = name.split()
    other = words[1:] + words[:1]
    return name, draw.choice((" ".join, lambda w: f"{w[0]}, {' '.join(w[1:])}"))(other)


def _misspelt(draw: Random, word: str) -> str:
    at = draw.randrange(len(word) - 1)
    letter = draw.choice(LETTERS)
    return draw.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def typo(draw: Random) -> Pair:
    """One edit in one word; a name of eight letters or more, which all are, may have one in two words. A change that
    leaves the name as it was is made again."""
    words = latin(draw).split()
    other = list(words)
    while [word.lower() for word in other] == [word.lower() for word in words]:
        other = list(words)
        for at in draw.sample(range(len(words)), draw.choice((1, 1, 2))):
            other[at] = _misspelt(draw, words[at])
    return " ".join(words), " ".join(other)


# --- no match -------------------------------------------------------------------------------------------------


def another_surname(draw: Random) -> Pair:
    one, other = draw.sample((*SURNAMES, *COMPOUND), 2)
    name = given(draw)
    return one + name, other + name


def another_given_name(draw: Random) -> Pair:
    one, other = draw.sample(APART, 2)
    before, after = surname(draw), draw.choice(("", draw.choice(APART)))
    return before + one + after, before + other + after


def doubled(draw: Random) -> Pair:
    """王芳 and 王芳芳."""
    before, char = surname(draw), draw.choice(APART + "".join(SOUNDS.values()))
    return before + char, before + char + char


def branch(draw: Random) -> Pair:
    name = company(draw)
    return name, name + draw.choice(PLACES) + draw.choice(("分公司", "第一分公司", "办事处"))


def holder_kind(draw: Random) -> Pair:
    name = person(draw)
    return name, name + draw.choice(("贸易", "", "科技")) + draw.choice(FORMS)


def another_trade(draw: Random) -> Pair:
    """The trades share no character in one place, so two differ."""
    before, form = draw.choice(PLACES) + "".join(draw.sample(BRAND, 2)), draw.choice(FORMS)
    one, other = draw.sample(TRADES, 2)
    return before + one + form, before + other + form


def another_script(draw: Random) -> Pair:
    return person(draw), latin(draw)


def unreadable(draw: Random) -> Pair:
    name = anybody(draw)
    at = draw.randint(0, len(name))
    put = draw.choice(
        ("?", "？", "*", "□", "\ufffd", "\ue000", "\U000f0001", "\u202e", "\u2066", "\x00", "\t", "\ud800")
    )
    return name, name[:at] + put + name[at:]


KINDS: Mapping[str, tuple[Maker, str]] = {
    "exact": (exact, "EXACT"),
    "normalised": (normalised, "NORMALISED"),
    "accent apart": (accent_apart, "NORMALISED"),
    "TRAD": (trad, "NEAR_E TRAD"),
    "PUA": (pua, "NEAR_E PUA"),
    "DOT_KIND": (dot_kind, "NEAR_E DOT_KIND"),
    "DOT_MISSING": (dot_missing, "NEAR_E DOT_MISSING"),
    "PINYIN_PLACEHOLDER": (pinyin_placeholder, "NEAR_E PINYIN_PLACEHOLDER"),
    "TRUNCATED": (truncated, "NEAR_E TRUNCATED"),
    "DIACRITIC": (diacritic, "NEAR_E DIACRITIC"),
    "TRAD and DOT_KIND": (trad_and_dot, "NEAR_E TRAD DOT_KIND"),
    "HOMOPHONE": (homophone, "NEAR_S HOMOPHONE"),
    "HOMOPHONE and TRAD": (homophone_and_trad, "NEAR_S HOMOPHONE TRAD"),
    "ONE_CHAR": (one_char, "NEAR_S ONE_CHAR"),
    "COMPANY_FORM": (company_form, "NEAR_S COMPANY_FORM"),
    "TYPO": (typo, "NEAR_S TYPO"),
    "ORDER": (order, "NEAR_S ORDER"),
    "another surname": (another_surname, "NO_MATCH SURNAME"),
    "another given name": (another_given_name, "NO_MATCH DIFFERENT"),
    "a character doubled": (doubled, "NO_MATCH DIFFERENT"),
    "branch and parent": (branch, "NO_MATCH BRANCH"),
    "person and company": (holder_kind, "NO_MATCH HOLDER_KIND"),
    "another trade": (another_trade, "NO_MATCH DIFFERENT"),
    "another script": (another_script, "NO_MATCH DIFFERENT"),
    "unreadable": (unreadable, "NOT_CHECKABLE"),
}
"""Kind → its maker, and the class that every pair of it must come out as."""
