"""Opens (and first founds) a training desk in a folder, with its four simulated machines on real serial lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.core import DeskConfig
from desk.domain.procedure_kinds import ControlMode, Text
from desk.domain.refusals import Refusal
from desk.persistence.journal_store import JournalStore, nothing
from desk.persistence.secrets import TrainingKeyFile, desk_keys
from devices.contracts import DeviceStatus
from devices.forms import lay_out
from devices.glyphs import Glyphs
from devices.link.trace import Listener
from devices.simulators.process import SimulatorProcess
from ui.composition import FormShelf, OpenDesk, counter_top, load_forms, open_desk, open_store
from ui.training.branch import (
    ACCOUNTS,
    BANK_CODE,
    BRANCH_ID,
    CASH,
    DESK_LABEL,
    BranchFolder,
    TrainingAccount,
    book_id,
    found,
)
from ui.training.page_ink import history_ink

KINDS = ("t5040", "aa55", "ebds", "escpos")


def training_config(business_date: str, mode: ControlMode, language: str) -> DeskConfig:
    """The demo's policy: every posting reviewed, limit 20,000.00, by hand up to 500.00."""
    return DeskConfig(
        branch_id=BRANCH_ID,
        branch=Text("城南支行", "Chengnan Branch"),
        desk_label=DESK_LABEL,
        desk_number="03",
        business_date=business_date,
        bank_code=BANK_CODE,
        control_mode=mode,
        review_limit_minor=2_000_000,
        hand_limit_minor=50_000,
        cash_account_id=CASH,
        training=True,
        language=language,
    )


@dataclass
class TrainingDesk:
    """An open training desk with the hands of whoever plays the customer."""

    desk: OpenDesk
    folder: BranchFolder
    simulators: Mapping[str, SimulatorProcess]
    shelf: FormShelf

    def close(self) -> None:
        self.desk.close()
        for simulator in self.simulators.values():
            simulator.close()

    def insert_book(self, account: TrainingAccount) -> None:
        """The customer's book goes into the printer, open at its page."""
        book = self.desk.session.book_of(account.account_id)
        self.simulators["t5040"].hands(
            do="insert_book", book=book_id(account), page=book.next_page, stripe=account.number
        )

    def page_image(self, account: TrainingAccount, page: int, path: Path) -> None:
        """Draw the page as it lies there now."""
        form = self.shelf.forms["passbook_24"]
        scale = 180 / 25.4
        self.simulators["t5040"].hands(
            do="page_image", book=book_id(account), page=page, path=str(path),
            width=round(form.page_width_mm * scale), height=round(form.page_height_mm * scale),
            fold=round(form.fold_mm * scale),
            lines=[round(form.base_line_mm(line) * scale) for line in range(1, form.lines + 1)],
        )  # fmt: skip


def start_simulators(folder: BranchFolder, speed: float, tcp: bool = False) -> dict[str, SimulatorProcess]:
    """Each machine in its own process; ``speed`` 0 takes the mechanics' time away, not the bytes."""
    options = {"speed": str(speed)}
    return {kind: SimulatorProcess(kind, folder.machines, tcp, options) for kind in KINDS}


def sent_to(path: Path) -> Listener:
    """A tracer that keeps the very bytes that left for a machine."""

    def keep(direction: str, data: bytes, seconds: float) -> None:
        if direction == "out":
            with path.open("ab") as file:
                file.write(data)

    return keep


def open_training_store(
    folder: BranchFolder, moment: Callable[[str], None] = nothing
) -> JournalStore | Refusal:
    """The journal of the training branch, founded on first use."""
    folder.root.mkdir(parents=True, exist_ok=True)
    keys = desk_keys(TrainingKeyFile(folder.root / "desk-keys.json"), "training")
    if isinstance(keys, Refusal):
        return keys
    return open_store(folder.database_url, keys, folder.witness, moment)


def open_training(
    root: Path,
    business_date: str,
    mode: ControlMode = ControlMode.DUAL,
    language: str = "zh_CN",
    speed: float = 1.0,
    on_status: Callable[[DeviceStatus], None] = lambda status: None,
    moment: Callable[[str], None] = nothing,
    tcp: bool = False,
) -> TrainingDesk | Refusal:
    """Open the branch in ``root``; ALREADY_RUNNING when another desk has it."""
    folder = BranchFolder(root)
    store = open_training_store(folder, moment)
    if isinstance(store, Refusal):
        return store
    keys = desk_keys(TrainingKeyFile(folder.root / "desk-keys.json"), "training")
    assert not isinstance(keys, Refusal)
    fresh = store.head()[0] == 0
    if fresh:
        found(store, keys.desk, folder, business_date)
    shelf = load_forms()
    simulators = start_simulators(folder, speed, tcp)
    if not (folder.machines / "preprinted").exists():
        _preprint(simulators["t5040"], shelf)
        (folder.machines / "preprinted").touch()
    ports = {kind: one.port for kind, one in simulators.items()}
    top = counter_top(ports, shelf, on_status, {"t5040": sent_to(folder.sent_to_printer)})
    config = training_config(business_date, mode, language)
    desk = open_desk(store, config, folder.trust, folder.sealed_keys(), folder.slips, shelf, top)
    if isinstance(desk, Refusal):
        top.stop()
        store.close()
        for simulator in simulators.values():
            simulator.close()
        return desk
    top.wait_ready(10.0)
    return TrainingDesk(desk, folder, simulators, shelf)


def _preprint(printer: SimulatorProcess, shelf: FormShelf) -> None:
    """The books come with the lines they already carry."""
    glyphs = Glyphs()
    for account in ACCOUNTS:
        rows = history_ink(account, shelf.forms["passbook_24"], lay_out, glyphs)
        printer.hands(do="preprint", book=book_id(account), page=1, rows=rows)
