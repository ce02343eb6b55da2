"""What a count says in words and rows: headline, table, and one sentence each for expected, found, and next."""

from __future__ import annotations

from desk.domain.money import format_amount
from desk.domain.refusals import RefusalCode, refuse
from desk.views import CashRowView, CountView
from ui.texts import Texts
from ui.widgets.ledger_table import Cell, Column
from ui.widgets.look import denomination

UNCOUNTED = ("empty", "incomplete")
"""States in which nothing counted stands, so that nothing can differ yet."""
FIRST_COLUMN_PIXELS = 176
COLUMN_PIXELS = (("slip", 80), ("counted", 80), ("difference", 68), ("unfit", 86), ("amount", 128))


def columns(texts: Texts) -> tuple[Column, ...]:
    """Denomination, slip, counted, difference, unfit, amount; they stay where they are whatever is counted."""
    figures = tuple(
        Column(texts(f"count.column_{name}"), figures=True, stretch=1, least=least)
        for name, least in COLUMN_PIXELS
    )
    return (Column(texts("page.denomination"), stretch=1, least=FIRST_COLUMN_PIXELS), *figures)


def headline(texts: Texts, view: CountView) -> tuple[str, str, str]:
    """``(label, value, tone)`` of the third figure: the difference, or that there is none."""
    if view.state in ("short", "over") and view.slip_minor is not None:
        gap = abs(view.counted_minor - view.slip_minor)
        mark = "▼" if view.state == "short" else "▲"
        return texts(f"count.{view.state}"), f"{mark} {format_amount(gap)}", "bad"
    if view.state in ("agrees", "mix"):
        mark, tone = ("✓", "ok") if view.state == "agrees" else ("▲", "warn")
        return texts("count.column_difference"), f"{mark} {texts('count.' + view.state)}", tone
    mark = {"counting": "◐", "incomplete": "▲"}.get(view.state, "○")
    tone = "warn" if view.state == "incomplete" else "second"
    return texts("count.column_difference"), f"{mark} {texts('count.' + view.state)}", tone


def table_rows(texts: Texts, view: CountView) -> list[tuple[Cell, ...]]:
    """One row a denomination, the total, and below it what of the total was counted by hand or judged genuine."""
    counted = view.state not in UNCOUNTED
    rows = [_row(texts, one, counted) for one in view.rows]
    rows.append(_total(texts, view, counted))
    rows += [
        (Cell(texts(f"count.{name}_row"), "second"), *[Cell("")] * 4, Cell(format_amount(minor), "second"))
        for name, minor in (("hand", view.hand_minor), ("judged", view.judged_minor))
        if minor
    ]  # fmt: skip
    return rows


def _pieces(pieces: int | None) -> str:
    return "" if pieces is None else f"{pieces:,}"


def _row(texts: Texts, row: CashRowView, counted: bool) -> tuple[Cell, ...]:
    found = row.counted_pieces or 0
    if not counted:
        return (
            Cell(denomination(texts, row.denomination_minor)), Cell(_pieces(row.slip_pieces)), *[Cell("")] * 4,
        )  # fmt: skip
    return (
        Cell(denomination(texts, row.denomination_minor)),
        Cell(_pieces(row.slip_pieces)),
        Cell(_pieces(row.counted_pieces)),
        _gap(row.difference),
        Cell(_pieces(row.unfit_pieces) if row.unfit_pieces else ""),
        Cell(format_amount(row.denomination_minor * found)),
    )


def _gap(difference: int | None) -> Cell:
    if not difference:
        return Cell("")
    return Cell(f"{'▼' if difference < 0 else '▲'} {abs(difference)}", "bad", bold=True)


def _total(texts: Texts, view: CountView, counted: bool) -> tuple[Cell, ...]:
    said = [row.slip_pieces for row in view.rows if row.slip_pieces is not None]
    if not counted:
        told = Cell(_pieces(sum(said)) if said else "", bold=True)
        return (Cell(texts("page.total"), bold=True), told, *[Cell("")] * 4)
    found = [row.counted_pieces or 0 for row in view.rows]
    unfit = sum(row.unfit_pieces for row in view.rows)
    gap = sum(found) - sum(said) if said else None
    return (
        Cell(texts("page.total"), bold=True),
        Cell(_pieces(sum(said)) if said else "", bold=True),
        Cell(_pieces(sum(found)), bold=True),
        _gap(gap),
        Cell(_pieces(unfit) if unfit else "", bold=True),
        Cell(format_amount(view.counted_minor), bold=True),
    )


def notice(texts: Texts, view: CountView) -> tuple[str, str, str]:
    """``(tone, title, detail)``: expected and found, then what to do now."""
    if view.second:
        return _second_notice(texts, view)
    if view.rejected_open and view.state not in ("counting", "incomplete"):
        also = ""
        if view.state in ("short", "over"):
            also = _sum_words(texts, view) + (". " if texts.language == "en" else "。")
        return (
            "warn",
            texts("count.rejected_title", n=view.rejected_open),
            also + texts("count.rejected_next"),
        )
    if view.state in ("short", "over"):
        return "bad", _differing(texts, view), texts("count.differ_next")
    if view.state == "agrees":
        sums = {"expected": _slip(view), "found": format_amount(view.counted_minor)}
        return "ok", texts("count.agrees_title"), texts("count.agrees_next", **sums)
    if view.state == "incomplete":
        return "warn", unfinished_title(texts, view), texts("count.incomplete_next")
    tone = {"empty": "info", "counting": "busy"}.get(view.state, "warn")
    return tone, texts(f"count.{view.state}_title"), texts(f"count.{view.state}_next")


def unfinished_title(texts: Texts, view: CountView) -> str:
    """That the last batch does not stand, and why, as the record has it."""
    if not view.problem:
        return texts("count.incomplete_title")
    return texts.refusal(refuse(RefusalCode.BATCH_INCOMPLETE, problem=view.problem))[0]


def _second_notice(texts: Texts, view: CountView) -> tuple[str, str, str]:
    if view.state == "counting":
        return "busy", texts("count.counting_title"), texts("count.counting_next")
    if view.state == "incomplete":
        return "warn", unfinished_title(texts, view), texts("count.incomplete_next")
    if view.state == "agrees":
        return "ok", texts("count.second_agrees_title"), texts("count.second_agrees_next")
    if view.state == "empty":
        return "info", texts("count.second_title"), texts("count.second_next")
    return "bad", texts("count.second_differs_title"), texts("count.second_differs_next")


def _slip(view: CountView) -> str:
    return format_amount(view.slip_minor or 0)


def _sum_words(texts: Texts, view: CountView) -> str:
    gap = abs(view.counted_minor - (view.slip_minor or 0))
    return texts(
        f"count.{view.state}_title",
        expected=_slip(view),
        found=format_amount(view.counted_minor),
        difference=format_amount(gap),
    )


def _differing(texts: Texts, view: CountView) -> str:
    """The one denomination that differs, in its own words; the sums when there are several or none."""
    differing = [row for row in view.rows if row.difference]
    if len(differing) != 1:
        return _sum_words(texts, view)
    row = differing[0]
    gap = row.difference or 0
    return texts(
        "count.row_short" if gap < 0 else "count.row_over",
        denomination=denomination(texts, row.denomination_minor),
        slip=row.slip_pieces,
        counted=row.counted_pieces,
        n=abs(gap),
        amount=format_amount(abs(gap) * row.denomination_minor),
    )
