"""Numbers whose form a bank or an issuer chooses: accounts, organisation codes, IBAN, CNAPS codes, documents.

An account's check digit is a plug-in: the bank's pack gives for each of its formats a pattern and the name of an
algorithm of ``desk.domain.check_digits``. A format that the pack does not know is no error: the host is the authority.
"""

from __future__ import annotations

from desk.domain.check_digits import (
    ALGORITHMS,
    DIGITS,
    ORGANISATION_ALPHABET,
    CheckParameters,
    is_digits,
    mod97_holds,
    organisation_check,
)
from desk.rules.judgement import OK, STOP, WARN, Judgement, Reason
from desk.rules.number_hints import Opinion, opinion
from desk.rules.number_rules import pack_of
from desk.rules.number_text import NumberText, read_number, strange_character, why, wrong_length
from desk.rules.rule_pack import RuleRow
from desk.rules.rule_set import RuleSet

_IBAN_SHORTEST, _IBAN_LONGEST = 15, 34


def judge_account(number: str, rules: RuleSet) -> Judgement:
    """An account number against the bank's formats: STOP where its format's check digit does not hold, WARN for a
    format that the pack does not know (the host is asked)."""
    read = read_number(number)
    if not is_digits(read.text):
        return _stop(_no_digits(read.text), read, "")
    known = tuple(
        row for row in pack_of(rules).family("ACCT-") if row.pattern("pattern").fullmatch(read.text)
    )
    if not known:
        reason = why(
            "UNKNOWN_FORMAT",
            "规则包中没有这种账号格式，以主机核对为准",
            "The pack knows no such format of account; what the host says counts",
        )
        return Judgement(WARN, (reason, *read.notes), "", read.text)
    holding = next((row for row in known if _check_holds(row, read.text)), None)
    if holding is None:
        reason = why(
            "CHECK_DIGIT",
            f"账号校验位不符（{known[0].title.zh}）；请对照凭证逐位核对",
            f"The check digit of the account does not hold ({known[0].title.en}); compare each with the voucher",
        )
        return _stop(reason, read, known[0].rule)
    return Judgement(OK, read.notes, holding.rule, read.text)


def _check_holds(row: RuleRow, number: str) -> bool:
    given = CheckParameters(tuple(int(one) for one in row.texts("weights")), row.text("symbols"))
    return ALGORITHMS[row.text("check")](number, given)


def _no_digits(text: str) -> Reason:
    return strange_character(text, DIGITS) or why("EMPTY", "没有号码", "There is no number")


def judge_organisation_code(number: str, rules: RuleSet) -> Judgement:
    """The code that entities had before 2015: eight characters, a hyphen or none, a check character."""
    row = pack_of(rules).rule("ORG-CODE")
    if row is None:
        return _not_in_pack()
    read = read_number(number)
    text = read.text[:8] + read.text[9:] if read.text[8:9] == "-" else read.text
    strange = strange_character(text, ORGANISATION_ALPHABET)
    if strange:
        return _stop(strange, read, row.rule)
    if len(text) != 9:
        return _stop(wrong_length(text, "9"), read, row.rule)
    expected = organisation_check(text[:8])
    if expected != text[8]:
        reason = why(
            "CHECK_DIGIT",
            f"校验码不符：按前 8 位应为 {expected}，所写为 {text[8]}",
            f"The check character for the first 8 is {expected}, not {text[8]}",
        )
        return _stop(reason, read, row.rule)
    return Judgement(OK, read.notes, row.rule, text)


def judge_iban(number: str, rules: RuleSet) -> Judgement:
    """An IBAN by modulo 97; its country's own structure is a second opinion that only warns."""
    row = pack_of(rules).rule("IBAN")
    if row is None:
        return _not_in_pack()
    read = read_number(number)
    text = read.text
    strange = strange_character(text, ORGANISATION_ALPHABET)
    if strange:
        return _stop(strange, read, row.rule)
    if not _IBAN_SHORTEST <= len(text) <= _IBAN_LONGEST:
        return _stop(wrong_length(text, f"{_IBAN_SHORTEST}–{_IBAN_LONGEST}"), read, row.rule)
    if not (text[:2].isalpha() and is_digits(text[2:4])):
        reason = why(
            "FORMAT",
            "应以两个国家字母和两位校验数字开头",
            "It begins with two letters of a country and two check digits",
        )
        return _stop(reason, read, row.rule)
    if not mod97_holds(text[4:] + text[:4]):
        reason = why(
            "CHECK_DIGIT",
            "校验位不符（mod 97）；请对照凭证逐位核对",
            "The check digits do not hold (mod 97); compare each character with the voucher",
        )
        return _stop(reason, read, row.rule)
    if opinion("iban", text) is not Opinion.VALID:
        reason = why(
            "COUNTRY",
            f"{text[:2]} 的账号结构查无此式，请核对凭证",
            f"{text[:2]} is not known to write accounts in this form; look at the voucher",
        )
        return Judgement(WARN, (reason, *read.notes), row.rule, text)
    return Judgement(OK, read.notes, row.rule, text)


def judge_cnaps(number: str, rules: RuleSet) -> Judgement:
    """A bank's code in the national payment system (联行号): its form; its check digit only where the bank turned a
    rule for it on (algorithm unverified)."""
    pack = pack_of(rules)
    row = pack.rule("CNAPS")
    if row is None:
        return _not_in_pack()
    read = read_number(number)
    if not is_digits(read.text):
        return _stop(_no_digits(read.text), read, row.rule)
    if len(read.text) != row.whole("digits"):
        return _stop(wrong_length(read.text, str(row.whole("digits"))), read, row.rule)
    check = pack.rule("CNAPS-CHECK")
    if check and not _check_holds(check, read.text):
        reason = why("CHECK_DIGIT", "联行号校验位不符", "The check digit of the bank code does not hold")
        return _stop(reason, read, check.rule)
    return Judgement(OK, read.notes, row.rule, read.text)


def judge_document(kind: str, number: str, rules: RuleSet) -> Judgement:
    """The number of a document without a check digit, by its pattern only: ``kind`` such as "passport". OK says that it
    looks right, never that the document is genuine (VC-19)."""
    rows = tuple(row for row in pack_of(rules).family("DOC-") if row.text("kind") == kind)
    if not rows:
        return _not_in_pack()
    read = read_number(number)
    fitting = next((row for row in rows if row.pattern("pattern").fullmatch(read.text)), None)
    if fitting:
        return Judgement(OK, read.notes, fitting.rule, read.text)
    reason = why(
        "FORMAT",
        f"不符合{rows[0].title.zh}的号码格式；请核对证件",
        f"It has not the form of a number of: {rows[0].title.en}; look at the document",
    )
    return Judgement(rows[0].text("on_fail"), (reason, *read.notes), rows[0].rule, read.text)


def _stop(reason: Reason, read: NumberText, rule: str) -> Judgement:
    return Judgement(STOP, (reason, *read.notes), rule)


def _not_in_pack() -> Judgement:
    """What nobody gave a rule for is asked, never let through."""
    return Judgement(
        WARN,
        (
            why(
                "NOT_IN_PACK",
                "规则包中没有这种号码的规则；由人核对",
                "The pack has no rule for it; a person compares",
            ),
        ),
    )
