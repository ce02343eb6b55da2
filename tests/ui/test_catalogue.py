"""The catalogues: both languages whole and each in its own script, every key the window asks for there and filled with
what it holds, and no sentence left in the source.

Keys put together from a value are listed with every value they can have, taken from the enumerations and functions
that make them, so a new state without words is found.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterable, Mapping
from types import ModuleType

import pytest

from desk import page_views, view_builder
from desk.corebank.contract import AccountFacts
from desk.domain import account_name
from desk.domain.account_name import MatchResult
from desk.domain.people import Role
from desk.domain.procedure_kinds import Owner
from desk.procedures.steps.suspect import VERDICTS
from devices.contracts import DeviceKind, DeviceState, IdentityKind, NoteClass, OutcomeKind
from devices.registry import Evidence
from tests.ui import spoken
from tests.ui.spoken import HAN, STATUSES, of_procedures, placeholders, texts_in, values
from ui.keys import KEYS, KeyAction
from ui.pages import cash_count, customer_confirm, hand_over, name_match
from ui.texts import FOLDER, LANGUAGES, catalogue
from ui.training.branch import ACCOUNTS
from ui.widgets.picture_reader import Problem

# --- the catalogues ------------------------------------------------------------------------------------------------

CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
SAME_IN_BOTH = {"page.staff", "frame.desk"}
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
MATCH_REASONS = account_name.REASONS
COUNT_STATES = texts_in(page_views._count_state)
PRINT_STATES = texts_in(page_views._print_state)
CUSTOMER_STATES = {*view_builder._CUSTOMER_STATES.values(), "welcome", "checking"}
ENDS = {to.removeprefix("end:") for to in of_procedures("way", "to") if to.startswith("end:")} | {"cancelled"}
ITEM_KINDS = ("print_unknown", "book_full", "disputed", "withheld_note", "verdict_differs")
PAGES_WITH_A_MACHINE = ("count", "recount", "suspect", "print", "again")
WAYS_TO_GIVE_BACK = ("why_return", "why_reject")
FACTS = ("status", "unprinted", "agent", "cash_in_today", "risk")
FACT_VALUES = (*STATUSES, "none", inspect.signature(AccountFacts).parameters["risk"].default, "high")

FAMILIES: dict[str, Iterable[str | tuple[str, ...]]] = {
    "account_kind.{}": {one.kind for one in ACCOUNTS},
    "away.{}": ("away", "confirm", "back"),
    "away.{}_back": PAGES_WITH_A_MACHINE,
    "away.{}_on": PAGES_WITH_A_MACHINE,
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
    "frame.given_back.{}": ("review", "customer"),
    "frame.value.{}": FACT_VALUES,
    "frame.{}_reason.{}": [(what, str(n)) for what in ("park", "cancel") for n in range(1, 5)],
    "frame.{}_title": ("park", "cancel"),
    "hand_over.receipt_{}": (*values(OutcomeKind), "none"),
    "hands.{}": (
        "slip",
        "book",
        "cash",
        "reject",
        "note",
        "jam",
        "clear",
        "look",
        "unplug",
        "plug_in",
        "spare",
    ),
    "identify.{}": ("reading", "unread"),
    "identify.{}_next": ("reading", "unread"),
    "item.{}": ITEM_KINDS,
    "machines.identity.{}": values(IdentityKind),
    "machines.level.{}": values(Evidence),
    "machines.{}": ("ready", "busy", "starting", "resync"),
    "match.{}": ("number", "name", "stop_check", "stop_name"),
    "match.{}_next": ("stop_check", "stop_name"),
    "match_reason.{}": MATCH_REASONS,
    "match_result.{}": MATCH_RESULTS,
    "note_class.{}": values(NoteClass),
    "page.{}": ("pass", "fail", "warn", "open"),
    "party.{}": ("person", "entity"),
    "picture_part.{}": ("front", "back", "seal", "amount", "date", "payee"),
    "picture.refused.{}": values(Problem),
    "picture.refused.{}_next": values(Problem),
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
    "swap.{}": ("looking", "asking", "signing", "choose", "accept_hint", "sign_hint"),
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
            elif use.key == key and use.given not in (None, placeholders(sentences[key])):
                found.append(f"{use.where}: {key} is asked for with other values")
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
def test_every_key_has_a_short_label_in_both_languages(row: KeyAction) -> None:
    chinese, english = row.label.zh, row.label.en
    if row.action == "language":  # it names the other language
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
    ("ui/frame/top_bar.py", "号柜"),
}
BILINGUAL_BY_ITSELF = (
    "ui/keys.py", "ui/app.py", "ui/training/",
    "ui/command_line/devices_guide.py", "ui/command_line/devices_actions/ticket.py",
    "ui/command_line/rules_questions/",
)  # fmt: skip


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
