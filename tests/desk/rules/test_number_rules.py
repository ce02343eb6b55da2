"""Numbers with a check digit: the examples of the tables, every slip of the pen that mathematics can find, and texts
that are no numbers at all. python-stdnum is asked for a second opinion where it has one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import numdb

from desk.domain.check_digits import (
    ALGORITHMS,
    CREDIT_ALPHABET,
    CheckParameters,
    credit_check,
    credit_code_holds,
    luhn_check,
    luhn_holds,
    mod97_holds,
    organisation_check,
    organisation_code_holds,
    resident_check,
    resident_id_holds,
    resident_id_of_old,
    weighted,
)
from desk.rules.account_number_rules import (
    judge_account,
    judge_cnaps,
    judge_document,
    judge_iban,
    judge_organisation_code,
)
from desk.rules.judgement import OK, REFUSE, STOP, WARN, Judgement
from desk.rules.number_hints import ASKED, Opinion, opinion, quietly, read_tables, region_is_known
from desk.rules.number_rules import judge_card, judge_id, judge_uscc
from desk.rules.number_text import read_number
from desk.rules.rule_pack import PackFlaw, load_pack
from desk.rules.topics import TOPICS
from tests.desk.rules.shipped_packs import changed, pack_text, shipped

RULES = shipped("numbers")
TODAY = "2026-06-30"
STANDARD = "11010519491231002X"
CARD = "6222021234567890128"
CREDIT = "91350100M000100Y43"

read_tables()  # once, before anything here is timed


def codes(judged: Judgement) -> list[str]:
    for one in judged.reasons:
        assert all((one.words.zh, one.words.en))
        assert one.words.zh != one.words.en
    return [one.code for one in judged.reasons]


# --- identity numbers ---------------------------------------------------------------------------------------

IDS = [
    (STANDARD, OK, "ID-18", []),
    ("11010519491231002x", OK, "ID-18", ["LOWER_CASE"]),
    (" 110105 19491231 002X ", OK, "ID-18", ["SPACES"]),
    ("１１０１０５１９４９１２３１００２Ｘ", OK, "ID-18", ["FULL_WIDTH"]),
    ("110105194912310021", STOP, "ID-18", ["CHECK_DIGIT"]),
    ("110105194902290029", STOP, "ID-18", ["IMPOSSIBLE_DATE"]),
    ("110105194902290020", STOP, "ID-18", ["IMPOSSIBLE_DATE", "CHECK_DIGIT"]),
    ("110105000001010026", STOP, "ID-18", ["IMPOSSIBLE_DATE", "CHECK_DIGIT"]),
    ("440524188001010014", WARN, "ID-REGION", ["REGION"]),
    ("34052419800101001X", WARN, "ID-REGION", ["REGION"]),
    ("810000199408230021", OK, "PERMIT-HK", ["PERMIT-HK"]),
    ("82000019930210001X", OK, "PERMIT-MO", ["PERMIT-MO"]),
    ("830000199201300022", OK, "PERMIT-TW", ["PERMIT-TW"]),
    ("911124198108030024", OK, "PERMIT-FOREIGN", ["PERMIT-FOREIGN"]),
    ("1101051949123100", STOP, "ID-18", ["LENGTH"]),
    ("11010519491231002", STOP, "ID-18", ["LENGTH"]),
    ("", STOP, "ID-18", ["LENGTH"]),
    ("1" * 100, STOP, "ID-18", ["LENGTH"]),
    ("11010519491231A02X", STOP, "ID-18", ["FORMAT"]),
    ("1101051949123X002X", STOP, "ID-18", ["FORMAT"]),
    ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", STOP, "ID-18", ["FORMAT"]),
    ("110105\u200b19491231002X", STOP, "ID-18", ["FORMAT"]),
    ("110105491231002", REFUSE, "ID-15", ["OLD_NUMBER"]),
    ("110105490229002", REFUSE, "ID-15", ["OLD_NUMBER", "IMPOSSIBLE_DATE"]),
]


@pytest.mark.parametrize(("written", "result", "rule", "reasons"), IDS)
def test_identity_numbers(written: str, result: str, rule: str, reasons: list[str]) -> None:
    judged = judge_id(written, TODAY, RULES)
    assert (judged.result, judged.rule, codes(judged)) == (result, rule, reasons)
    holds = result in (OK, WARN)
    assert resident_id_holds(judged.value) is (holds or "OLD_NUMBER" in reasons[-1:])


def test_the_value_is_the_number_as_it_should_stand() -> None:
    assert judge_id(" 110105 19491231 002x", TODAY, RULES).value == STANDARD
    assert judge_id("110105491231002", TODAY, RULES).value == STANDARD
    assert judge_id("110105194912310021", TODAY, RULES).value == ""


def test_the_reason_says_what_is_wrong_and_what_it_should_be() -> None:
    check = judge_id("110105194912310021", TODAY, RULES).reasons[0].words
    assert "应为 X" in check.zh
    assert "is X, not 1" in check.en
    assert "第 7 位 U+200B" in judge_id("110105\u200b19491231002X", TODAY, RULES).reasons[0].words.zh
    assert "第 15 位 “A” " in judge_id("11010519491231A02X", TODAY, RULES).reasons[0].words.zh
    assert "“Ａ”" not in judge_id("甲", TODAY, RULES).reasons[0].words.zh
    assert "“甲” (U+7532)" in judge_id("甲", TODAY, RULES).reasons[0].words.en
    assert "16" in judge_id("1101051949123100", TODAY, RULES).reasons[0].words.en


def test_nobody_is_born_after_today() -> None:
    born_today = "11010520260630" + "001"
    number = born_today + resident_check(born_today)
    assert judge_id(number, "2026-06-30", RULES).result == OK
    assert codes(judge_id(number, "2026-06-29", RULES)) == ["FUTURE_DATE"]


def test_a_pack_may_switch_the_hints_and_never_the_arithmetic() -> None:
    unknown = "440524188001010014"
    assert judge_id(unknown, TODAY, changed(RULES, "ID-REGION", on=False)).result == OK
    aged = changed(changed(RULES, "ID-REGION", on=False), "ID-AGE")
    assert (judge_id(unknown, TODAY, aged).rule, codes(judge_id(unknown, TODAY, aged))) == ("ID-AGE", ["AGE"])
    assert codes(judge_id(unknown, TODAY, changed(RULES, "ID-AGE"))) == ["REGION", "AGE"]
    assert codes(judge_id("810000199408230021", TODAY, changed(RULES, "PERMIT-HK", on=False))) == ["REGION"]
    assert codes(judge_id("110105491231002", TODAY, changed(RULES, "ID-15", on=False))) == ["LENGTH"]


def test_at_just_the_age_nothing_is_said_yet() -> None:
    aged = changed(RULES, "ID-AGE", years=77)
    assert codes(judge_id(STANDARD, "2026-12-31", aged)) == []
    assert codes(judge_id(STANDARD, "2027-01-01", aged)) == ["AGE"]


digits = st.text("0123456789", min_size=17, max_size=17)


@st.composite
def slips(draw: st.DrawFn, body: str, alphabet: str) -> str:
    """The text with one character replaced by another, or with two unlike neighbours swapped."""
    at = draw(st.integers(0, len(body) - 1))
    if draw(st.booleans()):
        other = draw(st.sampled_from(alphabet))
        assume(other != body[at])
        return body[:at] + other + body[at + 1 :]
    at = min(at, len(body) - 2)
    assume(body[at] != body[at + 1])
    return body[:at] + body[at + 1] + body[at] + body[at + 2 :]


@given(digits, st.data())
def test_every_wrong_digit_and_every_swap_in_an_identity_number_is_found(
    first: str, data: st.DataObject
) -> None:
    """Weights are powers of 2 modulo the prime 11: no error of one digit and no swap of neighbours is lost."""
    number = first + resident_check(first)
    assert resident_id_holds(number)
    assert not resident_id_holds(data.draw(slips(number, "0123456789X")))


births = st.dates(date(1930, 1, 1), date(2020, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))


@given(st.sampled_from(["110105", "440106", "310101"]), births, st.integers(0, 999))
def test_the_library_has_the_same_opinion_of_an_ordinary_number(region: str, born: str, serial: int) -> None:
    first = f"{region}{born}{serial:03d}"
    number = first + resident_check(first)
    known = opinion("resident_id", number)
    assert known in (Opinion.VALID, Opinion.INVALID)
    assert judge_id(number, TODAY, RULES).result == (OK if known is Opinion.VALID else WARN)
    assert opinion("resident_id", first + ("0" if number[-1] != "0" else "1")) is Opinion.INVALID


def test_its_tables_are_read_before_anybody_waits() -> None:
    assert "cn/loc" in numdb._open_databases
    assert "iban" in numdb._open_databases


def test_what_the_library_falls_over_comes_back_as_unknown() -> None:
    """KeyError 'county' inside it; and the permits it refuses."""
    assert opinion("resident_id", "34052419800101001X") is Opinion.UNKNOWN
    assert region_is_known("34052419800101001X") is False
    assert opinion("resident_id", "810000199408230021") is Opinion.INVALID
    assert opinion("resident_id", "440524188001010014") is Opinion.INVALID
    assert opinion("no such kind", STANDARD) is Opinion.UNKNOWN
    assert opinion("luhn", "0" * 64) is Opinion.VALID
    assert opinion("luhn", "0" * 65) is Opinion.UNKNOWN


@pytest.mark.parametrize(
    "error", [KeyError("county"), ValueError(), TypeError(), AttributeError(), OverflowError()]
)
def test_nothing_the_library_raises_comes_through(error: Exception) -> None:
    def stumble(_: str) -> bool:
        raise error

    assert quietly(stumble, STANDARD) is None


@given(digits)
def test_fifteen_digits_become_the_number_of_somebody_born_in_19(first: str) -> None:
    became = resident_id_of_old(first[:15])
    assert (became[:6], became[6:8], became[8:17]) == (first[:6], "19", first[6:15])
    assert resident_id_holds(became)
    assert resident_id_of_old(first) == resident_id_of_old(first[:14] + "X") == ""


# --- unified social credit codes ----------------------------------------------------------------------------

CREDIT_CODES = [
    (CREDIT, OK, "USCC", []),
    (CREDIT.lower(), OK, "USCC", ["LOWER_CASE"]),
    ("91350100M000100Y44", STOP, "USCC", ["CHECK_DIGIT"]),
    ("91110000600037341I", STOP, "USCC", ["LETTER"]),
    ("91110000600037341O", STOP, "USCC", ["LETTER"]),
    ("91110000600037341S", STOP, "USCC", ["LETTER"]),
    ("91110000600037341V", STOP, "USCC", ["LETTER"]),
    ("91110000600037341Z", STOP, "USCC", ["LETTER"]),
    ("91110000600037341L", OK, "USCC", []),
    ("91110000600037341", STOP, "USCC", ["LENGTH"]),
    ("9111000060003734-L", STOP, "USCC", ["FORMAT"]),
    ("911A0000600037341L", STOP, "USCC", ["FORMAT"]),
    ("", STOP, "USCC", ["LENGTH"]),
]


@pytest.mark.parametrize(("written", "result", "rule", "reasons"), CREDIT_CODES)
def test_credit_codes(written: str, result: str, rule: str, reasons: list[str]) -> None:
    judged = judge_uscc(written, RULES)
    assert (judged.result, judged.rule, codes(judged)) == (result, rule, reasons)
    assert credit_code_holds(judged.value) is (result == OK)


def test_a_letter_that_is_not_used_is_named_with_what_it_may_be() -> None:
    words = judge_uscc("9111000060003734IL", RULES).reasons[0].words
    assert "第 17 位是字母 I" in words.zh
    assert "可能是 1" in words.zh
    assert "Character 17 is the letter I" in words.en


def test_the_organisation_code_inside_is_checked_as_well() -> None:
    """Outside it holds, and python-stdnum lets it pass; inside it does not."""
    first = "91350100M000100Y5"
    number = first + credit_check(first)
    assert opinion("uscc", number) is Opinion.VALID
    judged = judge_uscc(number, RULES)
    assert (judged.result, codes(judged)) == (STOP, ["ORGANISATION_CODE"])
    assert "应为 4" in judged.reasons[0].words.zh


def test_an_authority_nobody_knows_is_a_warning_and_a_village_is_none() -> None:
    village = "N2" + CREDIT[2:17]
    assert judge_uscc(village + credit_check(village), RULES).result == OK
    assert opinion("uscc", village + credit_check(village)) is Opinion.INVALID  # stdnum wants a digit there
    strange = "B2" + CREDIT[2:17]
    judged = judge_uscc(strange + credit_check(strange), RULES)
    assert (judged.result, judged.rule, codes(judged)) == (WARN, "USCC-AUTHORITY", ["AUTHORITY"])
    without = changed(RULES, "USCC-AUTHORITY", on=False)
    assert judge_uscc(strange + credit_check(strange), without).result == OK


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17), st.data())
def test_every_wrong_character_and_every_swap_in_a_credit_code_is_found(
    first: str, data: st.DataObject
) -> None:
    """31 is a prime and 3 one of its generators: weights differ and none is 0."""
    number = first + credit_check(first)
    assert credit_code_holds(number)
    assert not credit_code_holds(data.draw(slips(number, CREDIT_ALPHABET)))


@given(st.text("123456789", min_size=8, max_size=8), st.text(CREDIT_ALPHABET, min_size=9, max_size=9))
def test_the_library_has_the_same_opinion_of_the_outer_character(head: str, rest: str) -> None:
    number = head + rest + credit_check(head + rest)
    assert opinion("uscc", number) is Opinion.VALID
    assert opinion("uscc", number[:17] + ("0" if number[17] != "0" else "1")) is Opinion.INVALID


@given(st.text("0123456789", min_size=8, max_size=8), st.data())
def test_a_wrong_digit_in_an_organisation_code_is_found(first: str, data: st.DataObject) -> None:
    """Of digits; a letter 11 places on has the same remainder."""
    number = first + organisation_check(first)
    assert organisation_code_holds(number)
    at = data.draw(st.integers(0, 7))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != first[at])
    assert not organisation_code_holds(number[:at] + other + number[at + 1 :])


# --- cards --------------------------------------------------------------------------------------------------

CARDS = [
    (CARD, OK, []),
    ("6222 0212 3456 7890 128", OK, ["SPACES"]),
    ("6222021234567890129", STOP, ["CHECK_DIGIT"]),
    ("6222021234567890218", STOP, ["CHECK_DIGIT"]),
    ("622202123456", STOP, ["LENGTH"]),
    (CARD + "0", STOP, ["LENGTH"]),
    ("622202123456789012A", STOP, ["FORMAT"]),
    ("6222-0212-3456-7890-128", STOP, ["FORMAT"]),
    ("²22202123456789012", STOP, ["FORMAT"]),
    ("", STOP, ["LENGTH"]),
]


@pytest.mark.parametrize(("written", "result", "reasons"), CARDS)
def test_cards(written: str, result: str, reasons: list[str]) -> None:
    judged = judge_card(written, RULES)
    assert (judged.result, judged.rule, codes(judged)) == (result, "CARD", reasons)
    assert judged.value == (CARD if result == OK else "")


@pytest.mark.parametrize("length", [12, 13, 19, 20])
def test_a_card_has_13_to_19_digits(length: int) -> None:
    body = "62" + "1" * (length - 3)
    assert judge_card(body + luhn_check(body), RULES).result == (OK if 13 <= length <= 19 else STOP)


@given(st.text("0123456789", min_size=12, max_size=18), st.data())
def test_every_wrong_digit_of_a_card_is_found_and_every_swap_but_of_0_and_9(
    body: str, data: st.DataObject
) -> None:
    number = body + luhn_check(body)
    assert luhn_holds(number)
    wrong = data.draw(slips(number, "0123456789"))
    differ = [at for at in range(len(number)) if number[at] != wrong[at]]
    blind = len(differ) == 2 and {number[differ[0]], number[differ[1]]} == {"0", "9"}
    assert luhn_holds(wrong) is blind
    assert opinion("luhn", wrong) is (Opinion.VALID if blind else Opinion.INVALID)


# --- accounts, and what else a bank or an issuer shapes --------------------------------------------------------

TRAINING = ["9017002010004821735", "9017002010004400128", "9017002030000900016"]


@pytest.mark.parametrize("number", TRAINING)
def test_training_accounts_have_the_format_that_nobody_was_given(number: str) -> None:
    judged = judge_account(number, RULES)
    assert (judged.result, judged.rule, judged.value) == (OK, "ACCT-TRAINING", number)


def test_an_account_of_an_unknown_format_is_for_the_host_to_know() -> None:
    judged = judge_account("4563 5100 1234", RULES)
    assert (judged.result, judged.rule, codes(judged)) == (WARN, "", ["UNKNOWN_FORMAT", "SPACES"])


@pytest.mark.parametrize(
    ("written", "code"), [("", "EMPTY"), ("9017-0020", "FORMAT"), ("９０１７Ａ", "FORMAT")]
)
def test_an_account_is_digits(written: str, code: str) -> None:
    judged = judge_account(written, RULES)
    assert (judged.result, codes(judged)[0]) == (STOP, code)


PLUG_INS = [
    ("luhn", (), "", CARD, "6222021234567890129"),
    ("mod97", (), "", "3214282912345698765432161182", "3214282912345698765432161183"),
    (
        "weighted",
        ("7", "9", "10", "5", "8", "4", "2", "1", "6", "3"),
        "10X98765432",
        "11010519498",
        "11010519499",
    ),
    ("weighted", ("2", "1"), "0987654321", "12346", "12345"),
]


@pytest.mark.parametrize(("check", "weights", "symbols", "right", "wrong"), PLUG_INS)
def test_a_bank_plugs_its_own_check_digit_in(
    check: str, weights: tuple[str, ...], symbols: str, right: str, wrong: str
) -> None:
    rules = changed(
        RULES, "ACCT-TRAINING", pattern=re.compile("[0-9]+"), check=check, weights=weights, symbols=symbols
    )
    assert judge_account(right, rules).result == OK
    judged = judge_account(wrong, rules)
    assert (judged.result, judged.rule, codes(judged)) == (STOP, "ACCT-TRAINING", ["CHECK_DIGIT"])


BAD_PACKS = [
    ('check = "none"', 'check = "magic"', "'check' 'magic' is none of"),
    ('pattern = "9017[0-9]{15}"', 'pattern = "9017[0-9"', "'pattern' is no pattern"),
    ('check = "none"', 'check = "weighted"\nweights = ["100"]', "'weights' '100' is none of"),
    ('check = "none"', 'check = "none"\ncolour = 1', "unknown key 'colour'"),
    ('rule = "ID-18"', 'rule = "ID-17"', "is no rule of 'numbers'"),
    ('rule = "BV-3"', 'rule = "BV-9"', "is no rule of 'numbers'"),
]


@pytest.mark.parametrize(("old", "new", "reason"), BAD_PACKS)
def test_a_pack_that_names_what_there_is_not_is_refused_with_its_line(
    old: str, new: str, reason: str
) -> None:
    text = pack_text("numbers")
    at = text.index(old, text.index("ACCT-TRAINING") if old.startswith(("check", "pattern")) else 0)
    found = load_pack(text[:at] + new + text[at + len(old) :], "numbers.toml", TOPICS)
    assert isinstance(found, PackFlaw)
    assert reason in found.reason
    assert found.line in range(text[:at].count("\n") + 1, text[:at].count("\n") + 3)


def test_a_plug_in_without_its_weights_lets_nothing_through() -> None:
    assert ALGORITHMS["weighted"]("12345", CheckParameters()) is False
    assert weighted("1234", (1,), "") == weighted("12a4", (1,), "0123456789") == ""


OTHERS = [
    (judge_organisation_code, "M000100Y4", OK, []),
    (judge_organisation_code, "m000100y-4", OK, ["LOWER_CASE"]),
    (judge_organisation_code, "M000100Y5", STOP, ["CHECK_DIGIT"]),
    (judge_organisation_code, "M000100Y", STOP, ["LENGTH"]),
    (judge_organisation_code, "M000100Y=4", STOP, ["FORMAT"]),
    (judge_iban, "GB29 NWBK 6016 1331 9268 19", OK, ["SPACES"]),
    (judge_iban, "GB28NWBK60161331926819", STOP, ["CHECK_DIGIT"]),
    (judge_iban, "GB2", STOP, ["LENGTH"]),
    (judge_iban, "GB29NWBK6016133192681_", STOP, ["FORMAT"]),
    (judge_iban, "2929NWBK60161331926819", STOP, ["FORMAT"]),
    (judge_iban, "GBX9NWBK60161331926819", STOP, ["FORMAT"]),
    (judge_cnaps, "102100099996", OK, []),
    (judge_cnaps, "10210009999", STOP, ["LENGTH"]),
    (judge_cnaps, "10210009999A", STOP, ["FORMAT"]),
    (judge_cnaps, "", STOP, ["EMPTY"]),
]


@pytest.mark.parametrize(("judge", "written", "result", "reasons"), OTHERS)
def test_codes_of_other_issuers(judge: object, written: str, result: str, reasons: list[str]) -> None:
    assert callable(judge)
    judged = judge(written, RULES)
    assert (judged.result, codes(judged)) == (result, reasons)
    assert bool(judged.value) is (result == OK)


def test_an_iban_that_holds_in_no_form_of_its_country_is_a_warning() -> None:
    number = "XX" + "00" + "1" * 14
    rest = next(one for one in (f"{two:02d}" for two in range(2, 99)) if mod97_holds("1" * 14 + "XX" + one))
    judged = judge_iban("XX" + rest + number[4:], RULES)
    assert (judged.result, codes(judged)) == (WARN, ["COUNTRY"])


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=34))
@example("NWBK60161331926819GB29")
@example("WEST12345698765432GB82")
@example("370400440532013000DE89")
def test_modulo_97_is_that_of_the_one_long_number(text: str) -> None:
    assert mod97_holds(text) is (int("".join(str(int(char, 36)) for char in text)) % 97 == 1)


def test_the_check_digit_of_a_bank_code_counts_only_where_the_bank_says_so() -> None:
    on = changed(RULES, "CNAPS-CHECK", check="luhn")
    assert judge_cnaps("102100099996", RULES).result == OK
    judged = judge_cnaps("102100099995", on)
    assert (judged.result, judged.rule, codes(judged)) == (STOP, "CNAPS-CHECK", ["CHECK_DIGIT"])
    body = "10210009999"
    assert judge_cnaps(body + luhn_check(body), on).result == OK


@pytest.mark.parametrize(
    ("rule", "judge", "number"),
    [
        ("ORG-CODE", judge_organisation_code, "M000100Y4"),
        ("IBAN", judge_iban, "x"),
        ("CNAPS", judge_cnaps, "x"),
    ],
)
def test_what_the_pack_has_no_rule_for_is_asked(rule: str, judge: object, number: str) -> None:
    assert callable(judge)
    judged = judge(number, changed(RULES, rule, on=False))
    assert (judged.result, judged.rule, codes(judged)) == (WARN, "", ["NOT_IN_PACK"])


DOCUMENTS = [
    ("passport", "E12345678", OK),
    ("passport", "EA1234567", OK),
    ("passport", "G12345678", OK),
    ("passport", "E1234567", WARN),
    ("foreign_passport", "L01X00T47", OK),
    ("foreign_passport", "A" * 10, WARN),
    ("hk_macao_permit", "h12345678", OK),
    ("hk_macao_permit", "M1234567801", OK),
    ("hk_macao_permit", "A12345678", STOP),
    ("taiwan_permit", "12345678", OK),
    ("taiwan_permit", "1234567", STOP),
    ("foreign_resident", "CAN110108102301", OK),
    ("foreign_resident", "CA1101081023010", STOP),
    ("library_card", "1", WARN),
]


@pytest.mark.parametrize(("kind", "number", "result"), DOCUMENTS)
def test_documents_are_judged_by_their_form_only(kind: str, number: str, result: str) -> None:
    judged = judge_document(kind, number, RULES)
    assert judged.result == result
    assert codes(judged) == {
        OK: ["LOWER_CASE"] if number.islower() or number[0].islower() else [],
    }.get(result, ["NOT_IN_PACK" if kind == "library_card" else "FORMAT"])


# --- any text ---------------------------------------------------------------------------------------------------

any_text = st.text(max_size=40) | st.text("0123456789X xXIOSVZ-\u3000\u200b０１Ｘ٠²", max_size=24)


@given(any_text)
@example("34052419800101001X")
@example("1" * 5000)
def test_no_text_breaks_anything(text: str) -> None:
    for judged in (
        judge_id(text, TODAY, RULES),
        judge_uscc(text, RULES),
        judge_card(text, RULES),
        judge_account(text, RULES),
        judge_organisation_code(text, RULES),
        judge_iban(text, RULES),
        judge_cnaps(text, RULES),
        judge_document("passport", text, RULES),
    ):
        assert judged.result in (OK, WARN, REFUSE, STOP)
        assert judged.result == OK or codes(judged)
    for holds in (resident_id_holds, credit_code_holds, organisation_code_holds, luhn_holds, mod97_holds):
        assert isinstance(holds(text), bool)
    for check in (resident_check, credit_check, organisation_check, luhn_check, resident_id_of_old):
        assert isinstance(check(text), str)
    for name in ALGORITHMS:
        assert isinstance(ALGORITHMS[name](text, CheckParameters((1, 2), "0123456789")), bool)
    for kind in ASKED:
        assert opinion(kind, text) in Opinion


@given(st.text("0123456789", min_size=1, max_size=20))
def test_folding_changes_the_width_and_nothing_else(number: str) -> None:
    wide = number.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    assert read_number(wide).text == number == read_number(number).text
    assert read_number(number).notes == ()


def test_what_was_folded_is_told_once_each() -> None:
    read = read_number("　Ａb 1　")
    assert (read.text, [one.code for one in read.notes]) == ("AB1", ["FULL_WIDTH", "SPACES", "LOWER_CASE"])
