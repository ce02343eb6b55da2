"""What a teller would say about capitals and dates in capitals, in both languages, one line each.

Wording only; when each is said stands in ``capital_rules`` and ``capital_date_rules``.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.domain.capital_faults import Fault
from desk.domain.procedure_kinds import Text

_VOID_ZH = "票据无效，结算凭证不予受理"
_VOID_EN = "an instrument is void, a settlement voucher is not accepted"

_WORDS: Mapping[str, Text] = {
    "amount_format": Text(
        "小写金额“{figures}”读不出：整数至多16位，小数至多两位",
        "the figures “{figures}” cannot be read: at most 16 figures before the point and 2 after it",
    ),
    "no_amount": Text(
        "金额为零或负数，没有大写写法，不予受理",
        "an amount of zero or less has no capitals and is not accepted",
    ),
    "too_long": Text("金额超过16位，没有大写写法", "more than 16 figures: no capitals go so far"),
    "blank": Text(
        "没有写大写金额：大小写必须同时记载", "no capitals are written: figures and capitals are both needed"
    ),
    "minority_script": Text(
        "少数民族文字的大写：系统不判断，由懂该文字的人审核",
        "capitals in a minority script: a person who reads it must judge, not this program",
    ),
    "differs": Text(
        f"大写写的是 {{meant}}，小写是 {{figures}}，两者不符：{_VOID_ZH}",
        f"the capitals say {{meant}}, the figures {{figures}}: {_VOID_EN}",
    ),
    "unreadable": Text(
        f"大写读不成一个金额，与小写 {{figures}} 不符：{_VOID_ZH}",
        f"the capitals make no sum, so they do not agree with {{figures}}: {_VOID_EN}",
    ),
    "should_be": Text("不得用“{char}”，应写“{instead}”", "“{char}” is not allowed; write “{instead}”"),
    "not_permitted": Text("不是规定的大写字样：{chars}", "not among the permitted characters: {chars}"),
    "gap_after_prefix": Text(
        "“人民币”之后留了空白：金额应紧接着写", "a gap after 人民币: the amount follows directly"
    ),
    "gap": Text("大写金额中有空白或看不见的字符", "a gap or an invisible character within the capitals"),
    "prefix_missing": Text(
        "缺“人民币”：表上未印的应加写", "人民币 is missing: write it where the form does not print it"
    ),
    "prefix_repeated": Text(
        "“人民币”重复：表上已印的不再写", "人民币 is repeated: not written where the form prints it"
    ),
    "prefix_twice": Text("“人民币”写了不止一次", "人民币 is written more than once"),
    "both_zeros": Text(
        "可写可不写的零同时写了{count}个：附件未举此例，可受理",
        "{count} optional 零 at once: not shown in the annex, accepted",
    ),
    "both_zeros_unsure": Text(
        "可写可不写的零同时写了{count}个：附件未举此例，由柜员决定",
        "{count} optional 零 at once: not shown in the annex, the teller decides",
    ),
    "both_zeros_refused": Text(
        "可写可不写的零同时写了{count}个：本行不予受理",
        "{count} optional 零 at once: this bank does not accept it",
    ),
    "zero_yuan": Text(
        "不足一元不写“零元”；部分系统如此打印，可受理",
        "less than 1 yuan is written without 零元; some systems print it, accepted",
    ),
    "zero_yuan_unsure": Text(
        "不足一元不写“零元”；部分系统如此打印，由柜员决定",
        "less than 1 yuan is written without 零元; some systems print it, the teller decides",
    ),
    "zero_yuan_refused": Text(
        "不足一元不写“零元”：本行不予受理", "less than 1 yuan is written without 零元: this bank refuses it"
    ),
    "date_blank": Text("没有写日期", "no date is written"),
    "date_unreadable": Text(
        "日期读不出：年份四位，年、月、日写全",
        "the date cannot be read: a year of four figures, then month and day",
    ),
    "small_numerals": Text(
        "票据的出票日期用了小写：银行不予受理。应写：{right}",
        "the issue date of an instrument is in small numerals: the bank refuses. Write {right}",
    ),
    "off_pattern": Text(
        "大写日期未按要求规范：可以受理，损失由出票人自行承担；由柜员决定并写明理由，复核签注。应写：{right}",
        "the date is off the pattern: the bank may accept it, any loss falls on the drawer; the teller decides and "
        "says why, the reviewer initials. The pattern is {right}",
    ),
    "part": Text("“{written}”应写“{right}”", "“{written}” should be “{right}”"),
    "impossible": Text("没有 {day} 这一天", "there is no day {day}"),
    "to_come": Text(
        "日期 {day} 在今天 {today} 之后（远期）：退回", "dated {day}, after today, {today}: it goes back"
    ),
    "not_a_day": Text("“{written}”不是日期，应为 YYYY-MM-DD", "“{written}” is no date; write YYYY-MM-DD"),
}

FAULTS: Mapping[Fault, tuple[str, Text]] = {
    Fault.ROUND_MISSING: (
        "CA-3",
        Text("到“元”为止，应写“整”（或“正”）", "it ends at 元: 整 (or 正) must follow"),
    ),
    Fault.ROUND_AFTER_FEN: ("CA-3", Text("有“分”的，后面不写“整”", "整 is not written after 分")),
    Fault.ROUND_MISPLACED: ("CA-3", Text("“整”只在末尾写一次", "整 stands once, at the end")),
    Fault.YUAN_MISSING: ("CA-3", Text("缺“元”", "元 is missing")),
    Fault.ZERO_MISSING: ("CA-5", Text("“{place}”之前缺“零”", "零 is missing before “{place}”")),
    Fault.ZERO_MISSING_BEFORE_FEN: (
        "CA-7",
        Text("角位是0而分位不是0：“元”后缺“零”", "角 is 0 and 分 is not: 零 is missing after 元"),
    ),
    Fault.ZERO_EXTRA: ("CA-5", Text("{where}多写了“零”", "a 零 too many {where_en}")),
    Fault.ZERO_REPEATED: (
        "CA-5",
        Text("“{place}”之前连写了几个“零”，只写一个", "several 零 in a row before “{place}”: one is enough"),
    ),
    Fault.ZERO_WITH_PLACE: (
        "CA-5",
        Text("“{place}”：为0的位不写位名", "“{place}”: a place that is 0 is not named"),
    ),
    Fault.ONE_MISSING: ("CA-10", Text("“{place}”前缺“壹”", "壹 is missing before “{place}”")),
}
"""The rule that each fault breaks, and the words for it."""


def say(name: str, **values: str) -> Text:
    """A sentence with its values filled in."""
    return filled(_WORDS[name], **values)


def filled(words: Text, **values: str) -> Text:
    """Both languages with the values in their places."""
    return Text(words.zh.format(**values), words.en.format(**values))
