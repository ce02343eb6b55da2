"""A print cut under the whole desk: the line dies, the desk asks, a person answers by the paper, a second one permits.

The real session, driver and worker on a pty with the simulated printer in a process of its own; the fault stands at the
desk's end of the line. Two books are five entries behind, so that a cut falls between lines; a sample of places only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from desk import commands as c
from desk.domain.refusals import Refusal
from desk.views import PrintView
from devices.contracts import DeviceKind
from devices.link.base import Link
from devices.link.fault import FaultLink, Faults
from devices.registry import Manifest
from tests.crash.paper import lines_struck, overprints
from tests.scenarios.branch import LINES, PERSON, RARE_NAME, SIDES, SUPERVISOR
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.machine_room import MachineRoom
from ui.training.branch import TRAINING_PASSWORD, TrainingAccount, book_id

TRIES = 6
CUTS = [
    (PERSON, 0, True, 0), (PERSON, 21, True, 0), (RARE_NAME, 255, False, 1), (LINES, 700, True, 1),
    (SIDES, 1200, False, 1),
]  # fmt: skip
"""Account, bytes that still leave once the print is asked for, whether the person takes the book out to look or leaves
it in, and how often they are asked: not at all while only the stripe and the width were asked for."""


class CuttingRoom:
    """Every line that the desk opens to its printer, with the fault that is set."""

    def __init__(self) -> None:
        self.links: list[FaultLink] = []

    def around(self, make: Callable[[MachineRoom, Manifest, str, str], Link]) -> Callable[..., Link]:
        """How the desk makes its links, with the printer's passing here."""

        def link(machines: MachineRoom, model: Manifest, port: str, place: str) -> Link:
            made = make(machines, model, port, place)
            if model.kind is not DeviceKind.PASSBOOK_PRINTER:
                return made
            self.links.append(FaultLink(made, Faults(), time.monotonic))
            return self.links[-1]

        return link

    def cut_after(self, count: int) -> None:
        self.links[-1].faults = Faults(cut_after_written=count)


@pytest.fixture(scope="module")
def room() -> CuttingRoom:
    return CuttingRoom()


@pytest.fixture(scope="module")
def counter(room: CuttingRoom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MachineRoom, "_link", room.around(MachineRoom._link))
        opened = Counter(tmp_path_factory.mktemp("cut"))
        try:
            assert room.links, "the printer's line does not pass here"
            yield opened
        finally:
            opened.close()


class Teller:
    """Prints one customer's book to its end, whatever the line does, and tells what it took."""

    def __init__(self, counter: Counter, account: TrainingAccount, takes_it_out: bool) -> None:
        self.counter, self.account, self.takes_it_out = counter, account, takes_it_out
        self.desk = Desk(counter, counter.session())
        self.desk.sign_on()
        self.player = Player(self.desk, Deposit(account))
        self.asked = self.again = 0

    def to_the_print(self) -> tuple[int, ...]:
        """The lines that are to be printed."""
        self.player.to("print")
        page = self._page()
        assert page is not None
        self.counter.put_book(self.account)
        return tuple(one.line for one in page.lines)

    def press(self) -> None:
        """Print, or print again with a second person; answer what is asked by what stands on the paper."""
        page = self._page()
        assert page is not None
        if page.state == "unknown":
            self._answer(page)
        elif page.state == "again":
            assert self.desk.refused(c.PrintBook()) == "second_person_needed"
            self._print(c.PrintAgain(SUPERVISOR, TRAINING_PASSWORD))
            self.again += 1
        else:
            self._print(c.PrintBook())

    def _print(self, command: c.Command) -> None:
        answer = self.desk.session.do(command)
        if isinstance(answer, Refusal):
            assert answer.code.code in ("device_not_ready",), answer
        assert self.counter.ready(), "the printer does not come back"
        if self.takes_it_out:
            self.counter.hands("t5040", do="remove_book")

    def _answer(self, page: PrintView) -> None:
        assert self.desk.refused(c.PrintBook()) == "print_open"
        assert self.desk.refused(c.PrintAgain(SUPERVISOR, TRAINING_PASSWORD)) == "print_open"
        struck = {one.line for one in lines_struck(self.counter.root, book_id(self.account))}
        asked = [one.line for one in page.question]
        seen = sum(line in struck for line in asked)
        assert asked[:seen] == [line for line in asked if line in struck]
        self.desk.do(c.SettlePrint(page.lines_proved + seen))
        self.asked += 1
        self.counter.put_book(self.account)

    def _page(self) -> PrintView | None:
        """None once the print step is passed."""
        transaction = self.desk.session.snapshot().transaction
        assert transaction is not None
        return transaction.page if isinstance(transaction.page, PrintView) else None

    @property
    def is_done(self) -> bool:
        return self._page() is None


@pytest.mark.parametrize(("account", "cut", "takes_it_out", "asked"), CUTS)
def test_every_line_is_printed_once_and_a_second_time_only_by_a_second_person(
    counter: Counter, room: CuttingRoom, account: TrainingAccount, cut: int, takes_it_out: bool, asked: int
) -> None:
    before, book = counter.ledger(), book_id(account)
    teller = Teller(counter, account, takes_it_out)
    had = [one.line for one in lines_struck(counter.root, book)]
    wanted = teller.to_the_print()
    lost = len(room.links)
    room.cut_after(cut)
    for _ in range(TRIES):
        teller.press()
        if teller.is_done:
            break
        if takes_it_out:
            counter.put_book(account)
    assert teller.is_done, f"not printed after {TRIES} tries: {teller._page()}"
    assert len(room.links) > lost, "the line was never cut"

    struck = [one.line for one in lines_struck(counter.root, book)][len(had) :]
    assert sorted(struck) == sorted(wanted), "each line once"
    assert overprints(counter.root) == 0
    assert (teller.asked, teller.again) == (asked, asked)
    teller.player.to("end")
    counter.assert_whole(before, {account.account_id: [teller.player.deposit.amount_minor]})
