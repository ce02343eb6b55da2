"""Which page draws which view: the one table. A view without a page is a defect, found by a test."""

from __future__ import annotations

from collections.abc import Mapping

from desk import views as v
from ui.pages.cash_count import CashCountPage
from ui.pages.checklist import ChecklistPage
from ui.pages.customer_confirm import CustomerConfirmPage
from ui.pages.ended import EndedPage
from ui.pages.hand_over import HandOverPage
from ui.pages.identify import IdentifyPage
from ui.pages.menu import MenuPage
from ui.pages.name_match import NameMatchPage
from ui.pages.post import PostPage
from ui.pages.print_book import PrintBookPage
from ui.pages.review import ReviewPage
from ui.pages.seat import SeatPage
from ui.pages.step_page import StepPage
from ui.pages.suspect_note import SuspectNotePage

PAGES: Mapping[type[v.PageView] | None, type[StepPage]] = {
    None: MenuPage,
    v.IdentifyView: IdentifyPage,
    v.SlipView: ChecklistPage,
    v.NameMatchView: NameMatchPage,
    v.CountView: CashCountPage,
    v.SuspectNoteView: SuspectNotePage,
    v.SeatView: SeatPage,
    v.ReviewView: ReviewPage,
    v.ConfirmView: CustomerConfirmPage,
    v.PostView: PostPage,
    v.PrintView: PrintBookPage,
    v.HandOverView: HandOverPage,
    v.EndView: EndedPage,
}
