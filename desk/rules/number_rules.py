"""Numbers with a check digit, judged: identity number, unified social credit code, card (counter-rules §2.7).

The arithmetic is the hard check and answers STOP (VC-20); a region that the tables do not know is a warning only. What
a bank chooses (formats of accounts, of documents) stands in the pack and is judged in ``account_number_rules``.
"""

from __future__ import annotations

from datetime import date

from desk.domain.check_digits import (
    ALGORITHMS,
    CREDIT_ALPHABET,
    DIGITS,
    credit_check,
    is_digits,
    luhn_holds,
    organisation_check,
    organisation_of_credit,
    resident_check,
    resident_id_of_old,
)
from desk.domain.procedure_kinds import Text
from desk.rules.judgement import OK, REFUSE, STOP, WARN, Judgement, Reason
from desk.rules.number_hints import region_is_known
from desk.rules.number_text import NumberText, read_number, strange_character, why, wrong_length
from desk.rules.rule_pack import RulePack, RuleRow
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Shape, Topic

_ON_FAIL = Field("text", allowed=frozenset({"STOP", "WARN"}))
_WEIGHTS = Field("texts", required=False, allowed=frozenset(str(one) for one in range(100)))
_CHECK = Field("text", allowed=frozenset(ALGORITHMS))

NUMBERS = Topic(
    "numbers",
    Text("证件与账卡号码", "Numbers"),
    shapes={
        "ID-18": Shape(),
        "ID-15": Shape(),
        "ID-REGION": Shape(),
        "ID-AGE": Shape({"years": Field("whole")}),
        "USCC": Shape(),
        "USCC-AUTHORITY": Shape({"known": Field("text")}),
        "CARD": Shape({"shortest": Field("whole"), "longest": Field("whole")}),
        "ORG-CODE": Shape(),
        "IBAN": Shape(),
        "CNAPS": Shape({"digits": Field("whole")}),
        "CNAPS-CHECK": Shape(
            {"check": _CHECK, "weights": _WEIGHTS, "symbols": Field("text", required=False)}
        ),
        "BV-1": Shape(),
        "BV-2": Shape({"persons": Field("whole")}),
        "BV-3": Shape(),
        "BV-4": Shape(),
        "BV-5": Shape({"attest": Field("texts")}),
        "BV-6": Shape({"attest": Field("texts")}),
        "BV-7": Shape(),
    },
    families={
        "PERMIT-": Shape({"prefix": Field("text")}),
        "ACCT-": Shape(
            {
                "pattern": Field("pattern"),
                "check": _CHECK,
                "weights": _WEIGHTS,
                "symbols": Field("text", required=False),
            }
        ),
        "DOC-": Shape({"kind": Field("text"), "pattern": Field("pattern"), "on_fail": _ON_FAIL}),
        "FORM-": Shape(
            {
                "kind": Field("text"),
                "issued_by": Field("text", allowed=frozenset({"bank", "customer"})),
                "digits": Field("whole"),
                "book_value": Field("text", allowed=frozenset({"one_yuan", "face"})),
            }
        ),
    },
    never_without=("ID-18", "USCC", "CARD", "BV-2", "BV-3", "BV-4"),
)
"""Identity numbers, codes, cards and accounts; the registers of controlled forms run on their numbers."""

_ID_ALPHABET = DIGITS + "X"
_READ_AS = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}


def pack_of(rules: RuleSet) -> RulePack:
    """The pack that numbers are judged under."""
    return rules.pack(NUMBERS.topic)


# --- resident identity numbers ------------------------------------------------------------------------------


def judge_id(number: str, today_iso: str, rules: RuleSet) -> Judgement:
    """An identity number as typed. ``value`` is the number as it should stand; for the 15 digits of the first
    generation, which is no identity number any more, the 18 that it became."""
    pack = pack_of(rules)
    read = read_number(number)
    if is_digits(read.text) and len(read.text) == 15 and pack.rule("ID-15"):
        return _old_number(read)
    format_flaw = _id_format(read.text)
    if format_flaw:
        return Judgement(STOP, (format_flaw, *read.notes), "ID-18")
    flaws = _birth_flaws(read.text, today_iso) + _id_check_flaws(read.text)
    if flaws:
        return Judgement(STOP, flaws + read.notes, "ID-18")
    permit = next((row for row in pack.family("PERMIT-") if read.text.startswith(row.text("prefix"))), None)
    if permit:
        return Judgement(OK, (_permit_note(permit), *read.notes), permit.rule, read.text)
    warnings = tuple(_id_warnings(read.text, today_iso, pack))
    if warnings:
        rule = "ID-REGION" if warnings[0].code == "REGION" else "ID-AGE"
        return Judgement(WARN, warnings + read.notes, rule, read.text)
    return Judgement(OK, read.notes, "ID-18", read.text)


def _old_number(read: NumberText) -> Judgement:
    became = resident_id_of_old(read.text)
    reason = why(
        "OLD_NUMBER",
        "15 位号码属第一代身份证，已停用，不能作证件；请客户出示现行证件",
        "15 digits are a first-generation number, out of use and no identity document; ask for the present one",
    )
    if birth_date(became) is None:
        return Judgement(REFUSE, (reason, *_birth_flaws(became, ""), *read.notes), "ID-15")
    return Judgement(REFUSE, (reason, *read.notes), "ID-15", became)


def _id_format(text: str) -> Reason | None:
    """What keeps a text from being an identity number at all, the clearest thing first."""
    strange = strange_character(text, _ID_ALPHABET)
    if strange:
        return strange
    if len(text) != 18:
        return wrong_length(text, "18")
    if "X" in text[:17]:
        return why("FORMAT", "X 只能在最后一位", "X may only stand at the end")
    return None


def _birth_flaws(text: str, today_iso: str) -> tuple[Reason, ...]:
    year, month, day = text[6:10], text[10:12], text[12:14]
    written = f"{year}-{month}-{day}"
    if birth_date(text) is None:
        return (why("IMPOSSIBLE_DATE", f"出生日期 {written} 不存在", f"There is no birth date {written}"),)
    if written > today_iso:
        return (
            why("FUTURE_DATE", f"出生日期 {written} 晚于今天", f"The birth date {written} is yet to come"),
        )
    return ()


def birth_date(number: str) -> date | None:
    """The birth date inside an 18-character number; None for a day that never was."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _id_check_flaws(text: str) -> tuple[Reason, ...]:
    expected = resident_check(text[:17])
    if expected == text[17]:
        return ()
    return (
        why(
            "CHECK_DIGIT",
            f"校验码不符：按前 17 位应为 {expected}，所写为 {text[17]}；请对照证件逐位核对",
            f"The check character for the first 17 is {expected}, not {text[17]}; compare each with the document",
        ),
    )


def _permit_note(row: RuleRow) -> Reason:
    return Reason(row.rule, row.title)


def _id_warnings(text: str, today_iso: str, pack: RulePack) -> list[Reason]:
    found = []
    if pack.rule("ID-REGION") and not region_is_known(text):
        found.append(
            why(
                "REGION",
                f"地区代码 {text[:6]} 在 {text[6:10]} 年查无记录（名录可能不全）；请核对证件",
                f"No record of the region {text[:6]} in {text[6:10]} (the list may be short); look at the document",
            )
        )
    oldest = pack.rule("ID-AGE")
    if oldest and f"{int(text[6:10]) + oldest.whole('years'):04d}" < today_iso[:4]:
        found.append(
            why(
                "AGE",
                f"按出生日期已逾 {oldest.whole('years')} 岁；请核对证件",
                f"By its birth date the holder is over {oldest.whole('years')}; look at the document",
            )
        )
    return found


# --- unified social credit codes ----------------------------------------------------------------------------


def judge_uscc(number: str, rules: RuleSet) -> Judgement:
    """A unified social credit code: characters, both check characters, and its registering authority as a hint."""
    pack = pack_of(rules)
    read = read_number(number)
    format_flaw = _uscc_format(read.text)
    if format_flaw:
        return Judgement(STOP, (format_flaw, *read.notes), "USCC")
    flaws = _uscc_flaws(read.text)
    if flaws:
        return Judgement(STOP, flaws + read.notes, "USCC")
    known = pack.rule("USCC-AUTHORITY")
    if known and read.text[0] not in known.text("known"):
        reason = why(
            "AUTHORITY",
            f"第 1 位 {read.text[0]} 不是已知的登记管理部门代码；请核对证照",
            f"Character 1, {read.text[0]}, is no known registering authority; look at the licence",
        )
        return Judgement(WARN, (reason, *read.notes), "USCC-AUTHORITY", read.text)
    return Judgement(OK, read.notes, "USCC", read.text)


def _uscc_format(text: str) -> Reason | None:
    for place, char in enumerate(text, start=1):
        if char in _READ_AS:
            return why(
                "LETTER",
                f"第 {place} 位是字母 {char}：信用代码不用 I、O、S、V、Z，可能是 {_READ_AS[char]}",
                f"Character {place} is the letter {char}: credit codes use no I, O, S, V or Z; "
                f"it may be {_READ_AS[char]}",
            )
    strange = strange_character(text, CREDIT_ALPHABET)
    if strange:
        return strange
    if len(text) != 18:
        return wrong_length(text, "18")
    if not is_digits(text[2:8]):
        return why(
            "FORMAT", "第 3–8 位是行政区划代码，应全为数字", "Characters 3 to 8, the region, are digits"
        )
    return None


def _uscc_flaws(text: str) -> tuple[Reason, ...]:
    found = []
    outer, inner = credit_check(text[:17]), organisation_of_credit(text)
    if outer != text[17]:
        found.append(
            why(
                "CHECK_DIGIT",
                f"校验码不符：按前 17 位应为 {outer}，所写为 {text[17]}；请对照证照逐位核对",
                f"The check character for the first 17 is {outer}, not {text[17]}; compare each with the licence",
            )
        )
    expected = organisation_check(inner[:8])
    if expected != inner[8]:
        found.append(
            why(
                "ORGANISATION_CODE",
                f"内含组织机构代码的校验码不符：第 17 位应为 {expected}，所写为 {inner[8]}",
                f"The organisation code inside does not hold: character 17 is {expected}, not {inner[8]}",
            )
        )
    return tuple(found)


# --- cards --------------------------------------------------------------------------------------------------


def judge_card(number: str, rules: RuleSet) -> Judgement:
    """A bank card by length and Luhn. Passbook and company accounts are no cards: ``account_number_rules``."""
    row = pack_of(rules).rules["CARD"]
    read = read_number(number)
    strange = strange_character(read.text, DIGITS)
    if strange:
        return Judgement(STOP, (strange, *read.notes), "CARD")
    shortest, longest = row.whole("shortest"), row.whole("longest")
    if not shortest <= len(read.text) <= longest:
        return Judgement(STOP, (wrong_length(read.text, f"{shortest}–{longest}"), *read.notes), "CARD")
    if not luhn_holds(read.text):
        reason = why(
            "CHECK_DIGIT",
            "卡号校验位不符（Luhn）：有一位写错或相邻两位颠倒；请对照卡面逐位核对",
            "The card number does not hold (Luhn): a digit is wrong or two are swapped; compare each with the card",
        )
        return Judgement(STOP, (reason, *read.notes), "CARD")
    return Judgement(OK, read.notes, "CARD", read.text)
