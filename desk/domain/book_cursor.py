"""Where the next line of a book goes, as far as a person may move it by hand (行位调整). Pure; no entries and no ink.

Source: passbook-printers §7.1 (a core's rules: within pages and lines, never backwards).
"""

from __future__ import annotations

from desk.domain.refusals import Refusal, RefusalCode, refuse

Place = tuple[int, int]
"""A page and a line on it, both from 1."""


def move_problem(at: Place, to: Place, pages: int, lines_per_page: int) -> Refusal | None:
    """Why the cursor may not move from ``at`` to ``to``; None when it may. Back there may be ink, and to stay is no
    move. One behind the last line of the last page is no place: a book is full by being printed."""
    page, line = to
    if not (1 <= page <= pages and 1 <= line <= lines_per_page):
        return refuse(RefusalCode.CURSOR_OUTSIDE, pages=pages, lines=lines_per_page)
    if to <= at:
        return refuse(RefusalCode.CURSOR_BACKWARDS, page=at[0], line=at[1])
    return None
