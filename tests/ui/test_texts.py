"""Every sentence of the product: each refusal and device error has its four, each key the window asks for exists in
both languages with the same placeholders, and no internal word reaches a teller.

What the source says is read from its text (``tests.ui.spoken``), so a new refusal, key or state is held to this the
day it is written; each reader is shown a text that breaks it.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from string import Formatter
from types import ModuleType

import pytest

from desk import page_views, view_builder
from desk.corebank.contract import AccountFacts
from desk.domain import account_name
from desk.domain.account_name import MatchResult
from desk.domain.people import Act, Role
from desk.domain.procedure_kinds import Owner
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import REQUIRED
from desk.persistence import journal_store
from desk.persistence.authenticator import MAX_WRONG
from desk.procedures.steps.suspect import VERDICTS
from desk.rules import voucher_rules
from devices.contracts import DeviceKind, DeviceState, NoteClass, OutcomeKind
from devices.errors import DeviceError, DeviceErrorCode
from tests.ui import spoken
from ui.detail_words import device_error_in, worded
from ui.keys import KEYS
from ui.pages import cash_count, customer_confirm, hand_over, name_match
from ui.pages.wording import listed, noted, seen_words
from ui.texts import FOLDER, LANGUAGES, Texts, catalogue
from ui.training.branch import ACCOUNTS

FOUR = ("zh", "next_zh", "en", "next_en")
ROOM = {"zh": 80, "en": 180}
"""Two lines of the narrowest place a sentence is shown in."""
TOLD = dict.fromkeys(("staff_no", "number", "process", "character"), "0000")
HAN = re.compile("[\u3400-\u9fff]")


def table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


REFUSALS, DEVICE_ERRORS = table("refusals.toml"), table("device_errors.toml")
SENTENCES = [
    (file, code, name, row[name])
    for file, rows in (("refusals", REFUSALS), ("device_errors", DEVICE_ERRORS))
    for code, row in rows.items()
    for name in row
]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


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


def procedures() -> list[dict[str, object]]:
    folder = FOLDER.parent / "procedures"
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]


def of_procedures(table_name: str, key: str) -> list[str]:
    """All values of a key over the steps or ways of every procedure; lists are taken apart."""
    found: list[str] = []
    for one in procedures():
        rows = one[table_name] if table_name else [one]
        assert isinstance(rows, list)
        for row in rows:
            value = row.get(key, [])
            found += value if isinstance(value, list) else [str(value)]
    return found


def texts_in(function: Callable[..., object]) -> set[str]:
    """The literal texts a function returns; of a pair, those of its first part."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    told: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value is not None:
            first = node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
            told |= set(spoken.literals(first))
    return told


def values(enum: type[Enum]) -> list[str]:
    return [str(one.value) for one in enum]


STATUSES = ("open", "closed", "frozen", "stopped", "lost", "dormant", "unknown")
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
    *(("reason", one) for one in journal_store._IN_THE_WAY.values()),
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


# --- the catalogues ------------------------------------------------------------------------------------------------

CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
CHINESE_BY_LAW = {"page.renminbi"}
"""The amount in capitals is Chinese whatever the language of the window."""
SAME_IN_BOTH = {"page.staff", "frame.desk", "page.renminbi"}
LATIN_IN_CHINESE = {"Enter", "Esc", "Alt", "Ctrl", "Del", "UTC", "teller", "desk", "training", "value"}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    chinese, english = CATALOGUES["zh_CN"], CATALOGUES["en"]
    assert set(chinese) == set(english)
    assert [key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])] == []


def test_no_file_says_a_key_again() -> None:
    for language in LANGUAGES:
        files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob(f"*{language}.toml")]
        tops = [(top, name) for one in files for top, rows in one.items() for name in rows]
        assert len(tops) == len(set(tops))


@pytest.mark.parametrize("key", sorted(CATALOGUES["en"]))
def test_each_language_speaks_its_own(key: str) -> None:
    chinese, english = CATALOGUES["zh_CN"][key], CATALOGUES["en"][key]
    assert (chinese.strip(), english.strip()) == (chinese, english) or key == "page.list_mark"
    assert "帐" not in chinese
    if key not in CHINESE_BY_LAW:
        assert not re.search("[\u3400-\u9fff，。：；（）、]", english)
    foreign = set(re.findall("[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", chinese))) - LATIN_IN_CHINESE
    assert foreign == set()
    if chinese == english and re.search("[A-Za-z\u3400-\u9fff]", re.sub(r"\{\w+\}", "", chinese)):
        assert key in SAME_IN_BOTH


# --- every key the window asks for ------------------------------------------------------------------------------------


def reasons(*modules: ModuleType) -> list[str]:
    """The ready reasons of pages: tuples named …_REASONS."""
    return [
        one
        for module in modules
        for name, keys in vars(module).items()
        if name.endswith("_REASONS")
        for one in keys
    ]


MATCH_RESULTS = values(MatchResult)
MATCH_REASONS = [reason for _, reason, _ in account_name._DETECTORS]
COUNT_STATES = texts_in(page_views._count_state)
PRINT_STATES = texts_in(page_views._print_state)
CUSTOMER_STATES = {*view_builder._CUSTOMER_STATES.values(), "welcome", "checking"}
ENDS = {to.removeprefix("end:") for to in of_procedures("way", "to") if to.startswith("end:")} | {"cancelled"}
ITEM_KINDS = ("print_unknown", "disputed", "withheld_note", "verdict_differs")
WAYS_TO_GIVE_BACK = ("why_return", "why_reject")
FACTS = ("status", "unprinted", "agent", "cash_in_today", "risk")
FACT_VALUES = (*STATUSES, "none", inspect.signature(AccountFacts).parameters["risk"].default, "high")

FAMILIES: dict[str, Iterable[str | tuple[str, ...]]] = {
    "account_kind.{}": {one.kind for one in ACCOUNTS},
    "count.column_{}": ("slip", "counted", "difference", "unfit", "amount"),
    "count.{}": COUNT_STATES,
    "count.{}_next": COUNT_STATES & {"empty", "counting", "incomplete", "mix"},
    "count.{}_row": ("hand", "judged"),
    "count.{}_title": COUNT_STATES & {"empty", "counting", "incomplete", "mix", "short", "over"},
    "customer.{}": CUSTOMER_STATES,
    "device_kind.{}": values(DeviceKind),
    "device_state.{}": values(DeviceState),
    "ended.{}": ENDS,
    "ended.{}_next": ENDS,
    "frame.agreement.{}": ("cash", "voucher", "book"),
    "frame.agreement_state.{}": ("agree", "differ", "open"),
    "frame.fact.{}": FACTS,
    "frame.machine.{}": values(DeviceKind),
    "frame.match.{}": MATCH_RESULTS,
    "frame.owner.{}": (*values(Owner), "automatic"),
    "frame.state.{}": values(DeviceState),
    "frame.step.{}": ("done", "current", "waiting", "not_needed"),
    "frame.value.{}": FACT_VALUES,
    "frame.{}_reason.{}": [(what, str(n)) for what in ("park", "cancel") for n in range(1, 5)],
    "frame.{}_title": ("park", "cancel"),
    "hand_over.receipt_{}": (*values(OutcomeKind), "none"),
    "hands.{}": ("slip", "book", "cash", "reject", "note", "jam", "clear"),
    "identify.{}": ("reading", "unread"),
    "identify.{}_next": ("reading", "unread"),
    "item.{}": ITEM_KINDS,
    "match.{}": ("number", "name", "stop_check", "stop_name"),
    "match.{}_next": ("stop_check", "stop_name"),
    "match_reason.{}": MATCH_REASONS,
    "match_result.{}": MATCH_RESULTS,
    "note_class.{}": values(NoteClass),
    "page.{}": ("pass", "fail", "warn", "open"),
    "party.{}": ("person", "entity"),
    "print.{}": (*PRINT_STATES, "date", "summary", "amount", "balance"),
    "print.{}_next": PRINT_STATES,
    "reason.{}": reasons(cash_count, customer_confirm, hand_over, name_match),
    "review.differ_{}": ("amount", "account"),
    "review.{}": WAYS_TO_GIVE_BACK,
    "role.{}": values(Role),
    "seen.{}": ("holder", "agent", "side by side", "deposit_slip", "missing"),
    "slip.{}": ("name", "number", "date"),
    "status.{}": STATUSES,
    "suspect.said_{}": VERDICTS,
    "suspect.{}": ("first", "second", "first_ask", "second_ask"),
}
"""Keys put together from a value: every value each can have."""

TABLES = frozenset(key.split(".")[0] for key in CATALOGUES["en"])
USES = [
    use
    for path, text in spoken.sources("ui")
    if path != "ui/detail_words.py"  # its keys are held above, detail by detail
    for use in spoken.keys_in(path, text, TABLES)
]


def members(pattern: str, families: Mapping[str, Iterable[str | tuple[str, ...]]]) -> list[str]:
    """The keys a pattern stands for; KeyError for a family that nobody listed."""
    if "{}" not in pattern:
        return [pattern]
    return [pattern.format(*([one] if isinstance(one, str) else one)) for one in families[pattern]]


def wrong_uses(uses: Iterable[spoken.Use], sentences: Mapping[str, str]) -> list[str]:
    """Keys that are missing, families without a list, and sentences asked for with other values than they hold."""
    found = []
    for use in uses:
        if "{}" in use.key and use.key not in FAMILIES:
            found.append(f"{use.where}: list the values of {use.key}")
            continue
        for key in members(use.key, FAMILIES):
            if key not in sentences:
                found.append(f"{use.where}: no sentence {key}")
            elif use.given is not None and not placeholders(sentences[key]) <= use.given:
                found.append(
                    f"{use.where}: {key} is asked for without {placeholders(sentences[key]) - use.given}"
                )
            elif use.given and use.key == key and use.given - placeholders(sentences[key]):
                found.append(f"{use.where}: {key} has no room for {use.given - placeholders(sentences[key])}")
    return found


def test_every_key_the_window_asks_for_is_there_and_filled() -> None:
    assert wrong_uses(USES, CATALOGUES["en"]) == []
    assert len({use.key for use in USES}) > 250


def test_every_family_is_asked_for() -> None:
    """A family nobody asks for any more leaves the list (known machines are worded through refusals)."""
    assert set(FAMILIES) - {use.key for use in USES} <= {"device_kind.{}", "device_state.{}"}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('texts("menu.nowhere")', "no sentence menu.nowhere"),
        ('self.texts(f"menu.{state}_word")', "list the values of menu.{}_word"),
        ('t("count." + state)', ""),
        ('known(t, "colour", one)', "list the values of colour.{}"),
        ('key = "menu.nowhere"', "no sentence menu.nowhere"),
        ('t("menu.item_next")', "menu.item_next is asked for with other values"),
        ('t("menu.item_next", name=a, age=b)', "menu.item_next is asked for with other values"),
        ('t("menu.item_next", **words)', ""),
        ('path = "file.toml"', ""),
    ],
)
def test_a_key_that_is_wrong_is_found(text: str, finding: str) -> None:
    found = wrong_uses(spoken.keys_in("x.py", text, TABLES), CATALOGUES["en"])
    assert found == ([f"x.py:1: {finding}"] if finding else [])


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.action)
def test_every_key_has_a_short_label_in_both_languages(row: object) -> None:
    label = getattr(row, "label")  # noqa: B009 - the parameter is typed for pytest's ids
    chinese, english = label.zh, label.en
    if getattr(row, "action") == "language":  # noqa: B009 - it names the other language
        chinese, english = english, chinese
    assert HAN.search(chinese)
    assert not HAN.search(english)
    assert len(chinese) <= 8
    assert len(english) <= 20


# --- nothing is said from the source itself ------------------------------------------------------------------------

OWN_WORDS = {
    ("ui/fonts.py", "柜员龘"),  # the characters a font is tried with
    ("ui/main_window.py", "Teller Desk · 柜面"),  # the name of the product
    ("ui/customer_screen.py", "Teller Desk"),
    ("ui/command_line/main.py", "Teller Desk (柜面)"),
    ("ui/pages/checklist.py", "人民币"),
    ("ui/pages/customer_confirm.py", "人民币"),
    ("ui/frame/top_bar.py", "号柜"),
}
BILINGUAL_BY_ITSELF = ("ui/keys.py", "ui/app.py", "ui/training/")


def own_words(rooms: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        one
        for path, text in rooms
        if not path.startswith(BILINGUAL_BY_ITSELF)
        for one in spoken.own_words_in(path, text)
    }


def test_no_sentence_stands_in_the_source() -> None:
    assert own_words(spoken.sources("ui")) <= OWN_WORDS


@pytest.mark.parametrize("text", ['x = "请稍候"', 'label.setText("Please wait")', 'f"{a}元"'])
def test_a_sentence_in_the_source_is_found(text: str) -> None:
    assert own_words([("ui/x.py", text)])
    assert not own_words([("ui/x.py", f'"""{text[:3]}"""'), ("ui/keys.py", text)])
