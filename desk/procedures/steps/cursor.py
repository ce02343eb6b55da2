"""What a person does to the book between its jobs: turn the page, move the next line forward, leave a full book.

Decides only; where the book stands and what its form has comes in with the act.
"""

from __future__ import annotations

from dataclasses import replace

from desk.domain.book_cursor import move_problem
from desk.domain.events import CursorAdjusted, ItemOpened, PageTurned
from desk.domain.people import Person
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.facts import ADJUST_CURSOR, cursor_digest
from desk.procedures.acts import AdjustCursor, LeaveFullBook, TurnPage
from desk.procedures.procedure import Procedure
from desk.procedures.steps.finish import needs_second_print, permit_problem
from desk.procedures.steps.shape import Decision, then_pass


def turn_page(procedure: Procedure, state: Transaction, act: TurnPage, person: Person) -> Decision:
    """The page the desk named lies open; no other one, and only where a turn is due."""
    if state.print_question() is not None:
        return refuse(RefusalCode.PRINT_OPEN)
    page, line = act.due
    if act.page != page or not state.turn_is_due(page, line):
        return refuse(RefusalCode.PAGE_NOT_TURNED, page=page)
    return (PageTurned(state.book_id, page),)


def adjust(procedure: Procedure, state: Transaction, act: AdjustCursor, person: Person) -> Decision:
    """行位调整: forward within the book, from where it was seen to stand, permitted by a second person."""
    refusal = adjust_problem(state, act)
    if refusal:
        return refusal
    move, second = move_of(act), act.second
    if second is None:
        return refuse(RefusalCode.SECOND_PERSON_NEEDED)
    digest = cursor_digest(state.transaction_id, move)
    refusal = permit_problem(state, second, ADJUST_CURSOR, digest, act.move_id)
    if refusal:
        return refusal
    signed = second.signed
    return (
        replace(move, second_person=signed.staff_no, statement=signed.statement, signature=signed.signature),
    )


def adjust_problem(state: Transaction, act: AdjustCursor) -> Refusal | None:
    """What is wrong with the move itself, whoever would permit it."""
    if state.print_question() is not None:
        return refuse(RefusalCode.PRINT_OPEN)
    if act.book_id != state.book_id:
        return refuse(RefusalCode.BOOK_MISMATCH)
    if act.status == "lost":
        return refuse(RefusalCode.BOOK_LOST)
    if act.seen_at != act.at:
        return refuse(RefusalCode.CURSOR_CHANGED, page=act.at[0], line=act.at[1])
    return move_problem(act.at, act.to, act.pages, act.lines_per_page)


def move_of(act: AdjustCursor) -> CursorAdjusted:
    """The move as it will be written down, but for the second person's signature: what that signature is over."""
    return CursorAdjusted(act.move_id, act.book_id, *act.at, *act.to, "", "", "")


def leave_full_book(procedure: Procedure, state: Transaction, act: LeaveFullBook, person: Person) -> Decision:
    """No line is left for what is not printed yet: it goes into the next book (换折), which an item names as next.
    Lines that are missing in this one are not left behind."""
    if state.print_question() is not None:
        return refuse(RefusalCode.PRINT_OPEN)
    if needs_second_print(state):
        return refuse(RefusalCode.SECOND_PERSON_NEEDED)
    if act.blank_lines or not act.unprinted_left:
        return refuse(RefusalCode.BOOK_NOT_FULL, blank=act.blank_lines)
    item = ItemOpened(act.item_id, "book_full", state.maker, str(act.unprinted_left))
    return then_pass(procedure, state, (item,), person, "done")
