"""Refusals and device errors as people read them: each has its four sentences, filled by all who raise it, with its
number, and no internal word reaches a teller.

What the source says is read from its text (``tests.ui.spoken``), so a new refusal or detail is held to this the day it
is written. The catalogues themselves and the keys of the window: ``test_catalogue``.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from string import Formatter

import pytest

from desk.domain.account_name import MatchResult
from desk.domain.people import Act
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import REQUIRED
from desk.persistence import engine
from desk.persistence.authenticator import MAX_WRONG
from desk.rules import voucher_rules
from devices.contracts import DeviceKind, DeviceState
from devices.errors import DeviceError, DeviceErrorCode
from tests.ui import spoken
from tests.ui.spoken import HAN, STATUSES, of_procedures, placeholders, texts_in, values
from ui.detail_words import device_error_in, worded
from ui.pages.wording import listed, noted, seen_words
from ui.texts import FOLDER, LANGUAGES, Texts

FOUR = ("zh", "next_zh", "en", "next_en")
ROOM = {"zh": 80, "en": 180}
"""Two lines of the narrowest place a sentence is shown in."""
TOLD = dict.fromkeys(("staff_no", "number", "process", "character"), "0000")


def table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


REFUSALS, DEVICE_ERRORS = table("refusals.toml"), table("device_errors.toml")
SENTENCES = [
    (file, code, name, row[name])
    for file, rows in (("refusals", REFUSALS), ("device_errors", DEVICE_ERRORS))
    for code, row in rows.items()
    for name in row
]


# --- every code has its four sentences ------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "codes"), [(REFUSALS, RefusalCode), (DEVICE_ERRORS, DeviceErrorCode)])
def test_every_code_has_its_four_sentences(
    rows: dict[str, dict[str, str]], codes: Iterable[RefusalCode | DeviceErrorCode]
) -> None:
    assert set(rows) == {one.code for one in codes}
    for code, row in rows.items():
        assert set(row) == set(FOUR), code
        assert all(text.strip() == text != "" for text in row.values()), code
        for zh, en in (("zh", "en"), ("next_zh", "next_en")):
            assert placeholders(row[zh]) == placeholders(row[en]), (code, zh)


@pytest.mark.parametrize(("file", "code", "name", "text"), SENTENCES)
def test_a_sentence_is_written_like_its_neighbours(file: str, code: str, name: str, text: str) -> None:
    """Found: no full stop, its number follows. Next: a whole sentence. Each fits two lines, in its own script."""
    chinese, following = name.endswith("zh"), name.startswith("next")
    fixed = "".join(part for part, *_ in Formatter().parse(text))
    assert len(fixed) <= ROOM["zh" if chinese else "en"]
    if fixed.strip(":： ·"):
        assert bool(HAN.search(fixed)) is chinese
    assert "帐" not in text
    if following and fixed:
        assert text.endswith("。" if chinese else ".")
    if not following:
        assert not re.search("[.。!！?？]$", text)


def test_the_sentence_about_wrong_passwords_says_how_many() -> None:
    assert MAX_WRONG == 5
    assert "5 次" in REFUSALS["wrong_password"]["next_zh"]
    assert "five" in REFUSALS["wrong_password"]["next_en"]


# --- placeholders are those their raisers fill -------------------------------------------------------------------

RAISERS = [
    one for path, text in spoken.sources("desk", "ui", "devices") for one in spoken.refusals_in(path, text)
]
DEVICE_RAISERS = [
    one
    for path, text in spoken.sources("desk", "ui", "devices")
    for one in spoken.device_errors_in(path, text)
]


def unfilled(rows: Mapping[str, Mapping[str, str]], raisers: Iterable[spoken.Raiser]) -> list[str]:
    """Where a raiser leaves a placeholder of its sentence empty; and placeholders of codes that nobody raises."""
    found, raised = [], set()
    for one in raisers:
        code = one.code.lower()
        raised.add(code)
        filled = one.details | {f"{name}_next" for name in one.details}
        wanted = set().union(*(placeholders(text) for text in rows.get(code, {}).values()))
        found += [f"{one.where} {code}: {name}" for name in sorted(wanted - filled)]
    for code in set(rows) - raised:
        found += [f"{code}: {name}" for text in rows[code].values() for name in placeholders(text)]
    return found


@pytest.mark.parametrize(("rows", "raisers"), [(REFUSALS, RAISERS), (DEVICE_ERRORS, DEVICE_RAISERS)])
def test_every_raiser_fills_its_sentence(
    rows: dict[str, dict[str, str]], raisers: list[spoken.Raiser]
) -> None:
    assert unfilled(rows, raisers) == []


def test_the_reader_of_raisers_sees_them() -> None:
    text = """
def f(known):
    found = (("expected", a), ("found", b))
    refuse(RefusalCode.CHECK_AUTOMATIC if known else RefusalCode.CHECK_UNKNOWN, check=c or "-")
    refuse(RefusalCode.COUNT_DIFFERS, direction="over" if x == "y" else "short")
    DeviceError(DeviceErrorCode.WRONG_DEVICE, found)
    DeviceError(DeviceErrorCode.TIMEOUT)
"""
    seen = [(one.code, set(one.details), set(one.literals)) for one in spoken.refusals_in("x.py", text)]
    assert seen == [
        ("CHECK_AUTOMATIC", {"check"}, {("check", "-")}),
        ("CHECK_UNKNOWN", {"check"}, {("check", "-")}),
        ("COUNT_DIFFERS", {"direction"}, {("direction", "over"), ("direction", "short")}),
    ]
    errors = [(one.code, set(one.details)) for one in spoken.device_errors_in("x.py", text)]
    assert errors == [("WRONG_DEVICE", {"expected", "found"}), ("TIMEOUT", set())]
    assert len({one.code for one in RAISERS}) > 60
    assert len({one.code for one in DEVICE_RAISERS}) > 12


def test_a_placeholder_nobody_fills_is_named() -> None:
    rows = {"parked": {"zh": "{number} {desk}"}, "book_full": {"zh": "{page}"}}
    raised = [spoken.Raiser("PARKED", "x.py:1", frozenset({"number"}))]
    assert unfilled(rows, raised) == ["x.py:1 parked: desk", "book_full: page"]


def test_refusals_are_made_by_refuse_alone() -> None:
    """Else the readers above would miss one."""
    made = [
        path
        for path, text in spoken.sources("desk", "ui")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refusal"
    ]
    assert made == ["desk/domain/refusals.py"]


# --- no internal word reaches a teller -----------------------------------------------------------------------------


CODED: list[tuple[str, str]] = [
    *(("act", one) for one in (*values(Act), "verdict")),
    *(("step", one) for one in (*of_procedures("step", "step"), "facts", "", "remote posting", "PrintBook")),
    *(("procedure", one) for one in of_procedures("", "procedure")),
    *(("missing", one) for fields in REQUIRED.values() for one in (*fields, "agent_id", "amount")),
    *(
        ("check", one)
        for one in (*of_procedures("step", "checks"), *(name for name, _ in voucher_rules.RULES))
    ),
    *(("check", "XX-99"), ("elements", "amount,account"), ("missing", "account_name, account_number")),
    *(("status", one) for one in STATUSES),
    *(("result", one) for one in values(MatchResult)),
    *(("device", one) for one in values(DeviceKind)),
    *(("state", one) for one in values(DeviceState)),
    *(("reason", one) for one in engine._IN_THE_WAY.values()),
]
_SHOWN = {code: set().union(*map(placeholders, row.values())) for code, row in REFUSALS.items()}
"""The details each refusal's sentences tell."""
LITERAL = sorted(
    {pair for one in RAISERS for pair in one.literals if pair[0] in _SHOWN.get(one.code.lower(), ())}
    - {("error", "none"), ("process", "?")}
)


@pytest.mark.parametrize(("name", "value"), [*dict.fromkeys(CODED), *LITERAL])
def test_a_coded_detail_has_words_in_both_languages(name: str, value: str) -> None:
    zh, en = (worded(Texts(language).find, name, value) for language in LANGUAGES)
    assert HAN.search(zh)
    assert zh != value
    assert en
    assert not HAN.search(en)
    assert "_" not in zh + en


@pytest.mark.parametrize("value", ["2,025,000.00", "0317", "2026-03-02", "1", "a,b"])
def test_figures_and_dates_stay_as_they_are(value: str) -> None:
    assert worded(Texts("en").find, "expected", value) == value


def test_a_list_of_codes_is_told_word_by_word() -> None:
    told = [worded(Texts(language).find, "missing", "account_name, agent_id") for language in LANGUAGES]
    assert told == ["户名、代理人证件号码", "account name, agent's ID number"]
    assert worded(Texts("zh_CN").find, "missing", "account_name, shoe_size") == "其他要素"


@pytest.mark.parametrize("code", list(DeviceErrorCode))
def test_a_device_error_is_read_back_from_its_text(code: DeviceErrorCode) -> None:
    error = DeviceError(code, (("reason", "/dev/x: [Errno 5] gone (twice)"), ("state", "offline")))
    assert device_error_in(str(error)) == error
    assert device_error_in(str(DeviceError(code))) == DeviceError(code)


@pytest.mark.parametrize("text", ["", "-", "none", "D999 nothing", "804 timeout", "D804 timeout at 5"])
def test_other_texts_are_no_device_error(text: str) -> None:
    assert device_error_in(text) is None


# --- what a teller reads --------------------------------------------------------------------------------------------


def said(refusal: Refusal) -> list[tuple[str, str]]:
    return [Texts(language).refusal(refusal) for language in LANGUAGES]


@pytest.mark.parametrize("code", list(RefusalCode))
def test_the_number_is_shown_and_nothing_is_left_open(code: RefusalCode) -> None:
    filled = {name: TOLD.get(name, "") for name in _SHOWN.get(code.code, ())}
    for (found, following), mark in zip(said(refuse(code, **filled)), ("（{}）", " ({})"), strict=True):
        assert found.endswith(mark.format(code.number))
        assert not re.search("[{}_]", found + following)


def test_a_machine_that_fails_says_what_to_do_with_the_machine() -> None:
    error = DeviceError(DeviceErrorCode.TIMEOUT, (("command", "read stripe"),))
    refusal = refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(error))
    assert said(refusal) == [
        ("存折打印机：没有回应（607 · D804）", DEVICE_ERRORS["timeout"]["next_zh"]),
        ("Passbook printer: no answer (607 · D804)", DEVICE_ERRORS["timeout"]["next_en"]),
    ]


@pytest.mark.parametrize("nothing", ["none", "-"])
def test_no_machine_and_no_cause_have_words_too(nothing: str) -> None:
    told = said(refuse(RefusalCode.DEVICE_NOT_READY, device="note_counter", error=nothing))
    assert told[0][0].startswith("点验钞机：")
    assert told[1][0].startswith("Note counter: ")
    for found, following in told:
        assert nothing not in re.split("[：: （(]", found)
        assert len(following) > 10


def test_a_broken_count_says_why_but_keeps_its_own_advice() -> None:
    error = DeviceError(DeviceErrorCode.LINK_LOST, (("reason", "ttyUSB0: a, b=c"),))
    (found, following), _ = said(refuse(RefusalCode.BATCH_INCOMPLETE, problem=str(error)))
    assert found == "这一次没有点完，不作数：连线断开（401 · D801）"
    assert following == REFUSALS["batch_incomplete"]["next_zh"]


def test_a_short_count_is_told_in_full() -> None:
    refusal = refuse(
        RefusalCode.COUNT_DIFFERS,
        expected="20,250.00",
        found="20,200.00",
        difference="50.00",
        direction="short",
    )
    assert [found for found, _ in said(refusal)] == [
        "应有 20,250.00，点得 20,200.00，短少 50.00（404）",
        "Expected 20,250.00, found 20,200.00, short by 50.00 (404)",
    ]


def test_a_device_error_stands_alone_in_the_top_bar() -> None:
    error = DeviceError(DeviceErrorCode.NOT_READY, (("state", "offline"),))
    told = [Texts(language).device_error(error) for language in LANGUAGES]
    assert [found for found, _ in told] == ["现在不能使用，未连接（D813）", "Not ready, offline (D813)"]
    assert [following for _, following in told] == [
        DEVICE_ERRORS["not_ready"][name] for name in ("next_zh", "next_en")
    ]


def test_a_detail_that_was_left_out_is_a_dash() -> None:
    assert said(refuse(RefusalCode.PARKED))[1][0] == "Transaction – is parked (205)"


def test_the_language_is_switched_while_it_runs() -> None:
    texts, told = Texts(), []
    texts.changed.connect(lambda: told.append(texts.refusal(refuse(RefusalCode.BOOK_FULL))[0]))
    for language in ("zh_CN", "en", "fr", "zh_CN"):
        texts.switch(language)
    texts.toggle()
    english, chinese = "The passbook is full (605)", "存折已满页（605）"
    assert told == [english, chinese, english]


@pytest.mark.parametrize(
    ("seen", "chinese", "english"),
    [
        ("", "", ""),
        ("figures, capitals", "小写、大写", "figures, capitals"),
        ("2 missing", "缺 2 项", "2 missing"),
        ("frozen", "已冻结", "Frozen"),
        ("2026-03-02", "2026-03-02", "2026-03-02"),
        ("0317 06:12 UTC · seen on paper", "0317 06:12 UTC · 看过纸面", "0317 06:12 UTC · seen on paper"),
    ],
)
def test_what_a_check_saw_is_told_in_words(seen: str, chinese: str, english: str) -> None:
    assert [seen_words(Texts(language), seen) for language in LANGUAGES] == [chinese, english]


SEEN = set().union(*(texts_in(rule) for _, rule in voucher_rules.RULES)) | {"form", "bank", "currency"}


@pytest.mark.parametrize("word", sorted(one.strip(", ") for one in SEEN if one))
def test_every_word_of_the_automatic_checks_is_known(word: str) -> None:
    assert HAN.search(seen_words(Texts("zh_CN"), word))


def test_lists_and_remarks_take_the_marks_of_the_language() -> None:
    chinese, english = (Texts(language) for language in LANGUAGES)
    assert (listed(chinese, "甲乙"), noted(chinese, "甲", "乙"), noted(chinese, "甲", "")) == (
        "甲、乙",
        "甲（乙）",
        "甲",
    )
    assert (listed(english, "ab"), noted(english, "a", "b")) == ("a, b", "a (b)")
