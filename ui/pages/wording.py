"""How pages word the desk's values: people, tones of states, short reasons. Pure; draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

from desk.views import CheckView, PersonView
from ui.texts import Texts
from ui.widgets.ledger_table import Cell
from ui.widgets.parts import MARKS

CHECK_TONES = {"pass": "ok", "fail": "bad", "warn": "warn", "open": "open"}


def person_lines(texts: Texts, people: Sequence[PersonView]) -> list[tuple[str, str]]:
    """``(name and number, role)`` of each person, for a list of choices."""
    return [(f"{one.name}  {one.staff_no}", texts(f"role.{one.role}")) for one in people]


def check_cells(texts: Texts, check: CheckView) -> tuple[Cell, ...]:
    """Key, title, what was seen, and the state as shape and word."""
    tone = CHECK_TONES[check.state]
    key = f"Alt+{check.key}" if check.key else texts("page.automatic")
    state = f"{MARKS[tone]} {texts('page.' + check.state)}"
    ink = "second" if tone == "open" else tone
    return (
        Cell(key, "accent" if check.key else "second", bold=bool(check.key)),
        Cell(texts.of(check.title)),
        Cell(seen_words(texts, check.seen), "second"),
        Cell(state, ink, bold=tone in ("bad", "warn")),
    )


def seen_words(texts: Texts, seen: str) -> str:
    """``figures, capitals`` → 小写、大写; ``2 missing`` → 缺 2 项; unknown words stay as they are."""
    if not seen:
        return ""
    who, dot, what = seen.rpartition(" · ")
    return f"{who}{dot}{listed(texts, [_seen_word(texts, part) for part in what.split(', ')])}"


def _seen_word(texts: Texts, part: str) -> str:
    """A word of the checks; an account's status has its words already."""
    count, _, word = part.partition(" ")
    if count.isdecimal() and texts.find(f"seen.{word}"):
        return texts(f"seen.{word}", n=count)
    return texts.find(f"seen.{part}") or texts.find(f"status.{part}") or part


def listed(texts: Texts, parts: Sequence[str]) -> str:
    """Several words in a row, with the mark of the language between them."""
    return texts("page.list_mark").join(parts)


def noted(texts: Texts, what: str, note: str) -> str:
    """A word with a remark in brackets of the language."""
    return texts("page.noted", what=what, note=note) if note else what
