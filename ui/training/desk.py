"""Opens (and first founds) a training desk in a folder, with its four simulated machines on real serial lines."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desk.core import DeskConfig
from desk.domain.events import MachineBound
from desk.domain.procedure_kinds import ControlMode, Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.trust import read_trust
from desk.machines import MachineOffer
from desk.persistence.journal_store import JournalStore, nothing
from desk.persistence.secrets import TrainingKeyFile, desk_keys
from devices.contracts import DeviceIdentity, DeviceKind, DeviceStatus, IdentityKind
from devices.forms import lay_out
from devices.glyphs import Glyphs
from devices.link.trace import Listener
from devices.registry import Manifest
from devices.simulators.process import SimulatorProcess
from ui.composition import (
    CounterTop,
    FormShelf,
    OpenDesk,
    bound_machines,
    counter_top,
    load_forms,
    open_desk,
    open_store,
    shipped_models,
)
from ui.machine_room import FITTINGS, FoundMachine, MachineRoom, Placed, Surroundings
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
    founding_head,
)
from ui.training.lines import PREFIX, folder_of, line_finder, line_name, port_finder
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
        branch_phone="000-0000 0317",
    )


@dataclass
class TrainingDesk:
    """An open training desk with the hands of whoever plays the customer. ``simulators`` are the machines that stood on
    the counter when it opened, by model; ``spares`` those that were carried in since, by the name of their line."""

    desk: OpenDesk
    folder: BranchFolder
    simulators: Mapping[str, SimulatorProcess]
    shelf: FormShelf
    lines: Mapping[str, SimulatorProcess]
    sent_to_printer: Path
    spares: dict[str, SimulatorProcess] = field(default_factory=dict)

    def close(self) -> None:
        self.desk.close()
        for simulator in (*self.simulators.values(), *self.spares.values()):
            simulator.close()

    def carry_in(self, model: str, name: str = "spare", **options: str) -> SimulatorProcess:
        """Plug a spare machine in, in a folder of its own below the machines' folder."""
        home = self.folder.machines / name
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{model}.options").write_text(json.dumps(options), encoding="utf-8")
        spare = SimulatorProcess(model, home, options={"speed": "0", **options})
        self.spares[line_name(model, name)] = spare
        if shipped_models()[model].kind is DeviceKind.PASSBOOK_PRINTER:
            _preprint(home, spare, self.shelf)
        return spare

    def unplug(self, kind: DeviceKind) -> None:
        """Pull the plug of the machine that stands here."""
        self._standing(kind).kill()

    def plug_in(self, kind: DeviceKind) -> None:
        """Plug the machine of this place in again: the same one, which gets another port."""
        self._standing(kind).kill()
        port = self.port_of(kind)
        home, model = folder_of(self.folder.machines, port), port.removeprefix(PREFIX).rpartition("/")[2]
        self.spares[port] = SimulatorProcess(model, home, options={"speed": "1", **_own_options(home, model)})

    def carry_in_another(self, kind: DeviceKind) -> None:
        """Plug in a spare of the model that stands here, with a number of its own; models without one ignore it."""
        model = self.port_of(kind).removeprefix(PREFIX).rpartition("/")[2]
        number = len(self.spares) + 2
        self.carry_in(model, f"spare-{number}", speed="1", serial=f"{9000 + number}")

    def port_of(self, kind: DeviceKind) -> str:
        """The lasting name of the line where the machine of this kind stands now."""
        room = self.desk.top.room
        assert room is not None
        return next(one.port for one in room.places() if one.kind is kind)

    def _standing(self, kind: DeviceKind) -> SimulatorProcess:
        port = self.port_of(kind)
        return self.spares[port] if port in self.spares else self.lines[port]

    @property
    def printer(self) -> SimulatorProcess:
        """The passbook printer, for whoever plays the customer's hands."""
        return self._standing(DeviceKind.PASSBOOK_PRINTER)

    @property
    def counter(self) -> SimulatorProcess:
        return self._standing(DeviceKind.NOTE_COUNTER)

    @property
    def detector(self) -> SimulatorProcess:
        return self._standing(DeviceKind.COUNTERFEIT_DETECTOR)

    @property
    def ink(self) -> Path:
        """The printer's own ledger of ink."""
        port = self.port_of(DeviceKind.PASSBOOK_PRINTER)
        return (
            folder_of(self.folder.machines, port)
            / f"{port.rpartition('/')[2].removeprefix(PREFIX)}-ink.jsonl"
        )

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
    confirmed: bool = True,
) -> TrainingDesk | Refusal:
    """Open the branch in ``root``; ALREADY_RUNNING when another desk has it. ``machines`` names models that are set up
    on the counter instead of the usual ones of their kind; once business began the record says which stand there.
    ``confirmed``: whoever put the simulators there says at once that these are the ones; else a person is asked."""
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
    opened = _furnish(folder, store, config, machines, on_status, speed, tcp)
    if confirmed and isinstance(opened, TrainingDesk):
        _confirm_all(opened.desk.top)
    return opened


def _confirm_all(top: CounterTop) -> None:
    for worker in top.room.workers if top.room else ():
        worker.confirm()
    top.wait_ready(10.0)


def _furnish(
    folder: BranchFolder,
    store: JournalStore,
    config: DeskConfig,
    wanted: Sequence[str],
    on_status: Callable[[DeviceStatus], None],
    speed: float,
    tcp: bool,
) -> TrainingDesk | Refusal:
    """Machines on their lines, and the desk that uses them; nothing is left running when it cannot open."""
    shelf, models = load_forms(), shipped_models()
    root = read_trust(folder.trust.read_bytes()) if folder.trust.exists() else b""
    bound = bound_machines(store, root if isinstance(root, bytes) else b"", models)
    placed = _placed(store, bound, models, wanted)
    lines = {one.port: _started(folder.machines, one, speed, tcp) for one in placed}
    printer = next(one for one in placed if models[one.model].kind is DeviceKind.PASSBOOK_PRINTER)
    _preprint(folder_of(folder.machines, printer.port), lines[printer.port], shelf)
    sent = folder.machines / f"{printer.model}-sent.bin"
    room = MachineRoom(
        Surroundings(
            models, shelf.forms, on_status, port_finder(folder.machines), line_finder(folder.machines),
            {"printer": sent_to(sent)},
        )
    )  # fmt: skip
    if not store.business_began_at():
        placed = [set_up(store, room, one, bound, config.business_date) for one in placed]
    top = counter_top(room, placed)
    desk = open_desk(store, config, folder.trust, folder.sealed_keys(), folder.slips, shelf, top)
    if isinstance(desk, Refusal):
        top.stop()
        store.close()
        for simulator in lines.values():
            simulator.close()
        return desk
    top.wait_heard(10.0)
    return TrainingDesk(desk, folder, {one.model: lines[one.port] for one in placed}, shelf, lines, sent)


def _started(machines: Path, one: Placed, speed: float, tcp: bool) -> SimulatorProcess:
    """The simulator of a place; one that was carried in as a spare is again the same machine."""
    home = folder_of(machines, one.port)
    return SimulatorProcess(one.model, home, tcp, {"speed": str(speed), **_own_options(home, one.model)})


def _own_options(home: Path, model: str) -> dict[str, str]:
    """What a spare was started with, its serial number say."""
    kept = home / f"{model}.options"
    own: dict[str, str] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return own


def _placed(
    store: JournalStore, bound: Mapping[str, Placed], models: Mapping[str, Manifest], wanted: Sequence[str]
) -> list[Placed]:
    """What stands on the counter: what is bound there, else what the configuration says; before business began a model
    that is asked for by name takes its place. A machine nobody ever bound is one a person must confirm."""
    found = []
    for kind, model in chosen_machines(wanted).items():
        here = bound.get(FITTINGS[kind].place)
        other = here is not None and model in wanted and here.model != model
        if here is None or models[here.model].kind is not kind or (other and not store.business_began_at()):
            here = Placed(model, line_name(model), DeviceIdentity(IdentityKind.NONE))
        found.append(here)
    return found


def set_up(
    store: JournalStore, room: MachineRoom, one: Placed, bound: Mapping[str, Placed], business_date: str
) -> Placed:
    """Bind a machine before the desk's business begins: ask who it is, and write that down. One that does not answer
    is bound by its line, and a person confirms it."""
    if one.binding_id:
        return one
    offer = room.ask(FoundMachine(one.port, one.port, one.model))
    said = offer.identity if isinstance(offer, MachineOffer) else DeviceIdentity(IdentityKind.NONE)
    place = FITTINGS[shipped_models()[one.model].kind].place
    before = bound.get(place)
    event = MachineBound(
        secrets.token_hex(16), place, one.model, said.kind.value, said.value, one.port,
        before.binding_id if before else "",
    )  # fmt: skip
    store.append([(founding_head(store, business_date), event)])
    return replace(one, identity=said, binding_id=event.binding_id)


def _preprint(home: Path, printer: SimulatorProcess, shelf: FormShelf) -> None:
    """The books come with the lines they already carry; once for a printer's own paper."""
    if (home / "preprinted").exists():
        return
    glyphs = Glyphs()
    for account in ACCOUNTS:
        rows = history_ink(account, shelf.forms["passbook_24"], lay_out, glyphs)
        printer.hands(do="preprint", book=book_id(account), page=1, rows=rows)
    (home / "preprinted").touch()
