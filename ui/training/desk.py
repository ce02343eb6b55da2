"""Opens (and first founds) a training desk in a folder, with its four simulated machines on real serial lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.core import DeskConfig
from desk.domain.procedure_kinds import ControlMode, Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.persistence.journal_store import JournalStore, nothing
from desk.persistence.secrets import TrainingKeyFile, desk_keys
from devices.contracts import DeviceKind, DeviceStatus
from devices.forms import lay_out
from devices.glyphs import Glyphs
from devices.link.trace import Listener
from devices.simulators.process import SimulatorProcess
from ui.composition import FormShelf, OpenDesk, counter_top, load_forms, open_desk, open_store, shipped_models
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

USUAL_MACHINES = ("t5040", "aa55", "ebds", "escpos")
"""The models on the training counter unless others are asked for; names of ``resources/devices``."""


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
    by_kind: Mapping[DeviceKind, str]

    def close(self) -> None:
        self.desk.close()
        for simulator in self.simulators.values():
            simulator.close()

    @property
    def printer(self) -> SimulatorProcess:
        """The passbook printer, for whoever plays the customer's hands."""
        return self.simulators[self.by_kind[DeviceKind.PASSBOOK_PRINTER]]

    @property
    def counter(self) -> SimulatorProcess:
        return self.simulators[self.by_kind[DeviceKind.NOTE_COUNTER]]

    @property
    def detector(self) -> SimulatorProcess:
        return self.simulators[self.by_kind[DeviceKind.COUNTERFEIT_DETECTOR]]

    @property
    def ink(self) -> Path:
        """The printer's own ledger of ink."""
        return self.folder.machines / f"{self.by_kind[DeviceKind.PASSBOOK_PRINTER]}-ink.jsonl"

    @property
    def sent_to_printer(self) -> Path:
        """The very bytes that left for the printer."""
        return self.folder.machines / f"{self.by_kind[DeviceKind.PASSBOOK_PRINTER]}-sent.bin"

    def insert_book(self, account: TrainingAccount) -> None:
        """The customer's book goes into the printer, open at its page."""
        book = self.desk.session.book_of(account.account_id)
        self.printer.hands(
            do="insert_book", book=book_id(account), page=book.next_page, stripe=account.number
        )

    def page_image(self, account: TrainingAccount, page: int, path: Path) -> None:
        """Draw the page as it lies there now."""
        form = self.shelf.forms["passbook_24"]
        scale = 180 / 25.4
        self.printer.hands(
            do="page_image", book=book_id(account), page=page, path=str(path),
            width=round(form.page_width_mm * scale), height=round(form.page_height_mm * scale),
            fold=round(form.fold_mm * scale),
            lines=[round(form.base_line_mm(line) * scale) for line in range(1, form.lines + 1)],
        )  # fmt: skip


def start_simulators(
    folder: BranchFolder, models: Sequence[str], speed: float, tcp: bool = False
) -> dict[str, SimulatorProcess]:
    """Each machine in its own process; ``speed`` 0 takes the mechanics' time away, not the bytes."""
    options = {"speed": str(speed)}
    return {model: SimulatorProcess(model, folder.machines, tcp, options) for model in models}


def chosen_machines(wanted: Sequence[str] = ()) -> dict[DeviceKind, str]:
    """One model of each kind: the usual ones, and in their place those that are wanted. KeyError for no model."""
    models = shipped_models()
    return {models[name].kind: name for name in (*USUAL_MACHINES, *wanted)}


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
    machines: Sequence[str] = (),
) -> TrainingDesk | Refusal:
    """Open the branch in ``root``; ALREADY_RUNNING when another desk has it. ``machines`` names models that stand on
    the counter instead of the usual ones of their kind."""
    folder = BranchFolder(root)
    store = open_training_store(folder, moment)
    if isinstance(store, Refusal):
        return store
    keys = desk_keys(TrainingKeyFile(folder.root / "desk-keys.json"), "training")
    assert not isinstance(keys, Refusal)
    if store.head()[0] == 0:
        if store.read("SELECT 1 FROM journal LIMIT 1"):
            store.close()  # another desk's record: founding over it would put a new root beside it
            return refuse(RefusalCode.KEY_STORE, reason="another desk's record")
        found(store, keys.desk, folder, business_date)
    config = training_config(business_date, mode, language)
    return _furnish(folder, store, config, chosen_machines(machines), on_status, speed, tcp)


def _furnish(
    folder: BranchFolder,
    store: JournalStore,
    config: DeskConfig,
    by_kind: Mapping[DeviceKind, str],
    on_status: Callable[[DeviceStatus], None],
    speed: float,
    tcp: bool,
) -> TrainingDesk | Refusal:
    """Machines on their lines, and the desk that uses them; nothing is left running when it cannot open."""
    shelf = load_forms()
    simulators = start_simulators(folder, tuple(by_kind.values()), speed, tcp)
    printer = by_kind[DeviceKind.PASSBOOK_PRINTER]
    if not (folder.machines / "preprinted").exists():
        _preprint(simulators[printer], shelf)
        (folder.machines / "preprinted").touch()
    ports = {model: one.port for model, one in simulators.items()}
    keep = sent_to(folder.machines / f"{printer}-sent.bin")
    top = counter_top(ports, shelf, on_status, {printer: keep})
    desk = open_desk(store, config, folder.trust, folder.sealed_keys(), folder.slips, shelf, top)
    if isinstance(desk, Refusal):
        top.stop()
        store.close()
        for simulator in simulators.values():
            simulator.close()
        return desk
    top.wait_ready(10.0)
    return TrainingDesk(desk, folder, simulators, shelf, by_kind)


def _preprint(printer: SimulatorProcess, shelf: FormShelf) -> None:
    """The books come with the lines they already carry."""
    glyphs = Glyphs()
    for account in ACCOUNTS:
        rows = history_ink(account, shelf.forms["passbook_24"], lay_out, glyphs)
        printer.hands(do="preprint", book=book_id(account), page=1, rows=rows)
