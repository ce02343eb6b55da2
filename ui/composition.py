"""Puts a desk together from its folder and machines: the only place, besides ``ui.app``, that names concrete parts.

No window and no arguments here; a face asks for an ``OpenDesk`` and talks to its session.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.core import Collaborators, DeskConfig
from desk.corebank.embedded import EmbeddedCoreBank
from desk.documents.form import FormFlaw as PaperFlaw
from desk.domain.cash import CashRow
from desk.domain.events import DeskEnrolled
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import DepositSlip
from desk.domain.voucher_form import FormFlaw as VoucherFlaw
from desk.domain.voucher_form import VoucherForm, by_id, read_form
from desk.journal.codec import decode
from desk.journal.machine_rules import believed
from desk.journal.trust import read_trust
from desk.machines import FormFacts, Machines, PlacedField
from desk.persistence.authenticator import PasswordAuthenticator
from desk.persistence.journal_store import JournalStore, nothing
from desk.persistence.secrets import DeskKeys
from desk.persistence.witness import Witness
from desk.procedures.loader import Flaw, load_procedure
from desk.procedures.procedure import Procedure
from desk.session import TellerSession
from devices.contracts import DeviceIdentity, IdentityKind, PassbookJob
from devices.errors import DeviceError
from devices.forms import UNITS_PER_MM, PassbookForm, lay_out, load_form, marked
from devices.registry import Manifest, ManifestFlaw, load_manifests
from devices.worker import DeviceWorker
from ui.adopted_rules import FOLDER as RULES_FOLDER
from ui.adopted_rules import take_in_rules
from ui.machine_room import MachineRoom, Placed
from ui.paper.shipped import load_forms as load_papers

RESOURCES = Path(__file__).parents[1] / "resources"


class FormShelf:
    """Book forms by name, with the preview of a job before ink."""

    def __init__(self, forms: Mapping[str, PassbookForm]) -> None:
        self.forms = forms

    def facts(self, form: str) -> FormFacts:
        one = self.forms[form]
        return FormFacts(form, one.pages, one.lines, one.page_width_mm, one.page_height_mm, one.fold_mm)

    def preview(self, job: PassbookJob) -> tuple[PlacedField, ...]:
        placed = lay_out(self.forms[job.form], marked(job.rows) if job.training else job.rows)
        if isinstance(placed, DeviceError):
            return ()
        return tuple(
            PlacedField(one.x / UNITS_PER_MM, one.y / UNITS_PER_MM, one.text, one.cell / UNITS_PER_MM)
            for one in placed
        )


SLIP_BYTES = 65_536
"""More than any slip takes."""


def slip_file(account_number: str) -> str:
    """The name of an account's slip: a digest, since a file's name ends up in errors and listings."""
    return f"{hashlib.sha256(b'teller-desk/slip/' + account_number.encode()).hexdigest()[:32]}.json"


class SlipFolder:
    """Electronic slips as files, one per account number; what cannot be read is no slip."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def slip_for(self, account_number: str) -> DepositSlip | None:
        path = self._folder / slip_file(account_number)
        try:
            if not account_number.isdigit() or path.stat().st_size > SLIP_BYTES:
                return None
            return _captured(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None


def _captured(values: dict[str, Any]) -> DepositSlip:
    """The slip as the form-filling machine wrote it; TypeError when an amount is no whole number or a text no text."""
    rows = tuple(CashRow(unit, pieces) for unit, pieces in values.pop("rows"))
    numbers = [
        values["amount_minor"],
        *(value for row in rows for value in (row.denomination_minor, row.pieces)),
    ]
    texts = [value for name, value in values.items() if name != "amount_minor"]
    if any(type(one) is not int or not 0 <= one < 10**15 for one in numbers):
        raise TypeError("not a slip")
    if any(type(one) is not str or not one.isprintable() for one in texts):
        raise TypeError("not a slip")
    return DepositSlip(**values, rows=rows, source="captured")


def load_forms() -> FormShelf:
    texts = [path.read_text(encoding="utf-8") for path in sorted((RESOURCES / "forms").glob("*.toml"))]
    return FormShelf({form.form: form for form in map(load_form, texts)})


def load_procedures() -> dict[str, Procedure] | Flaw:
    """Every procedure, or the first flaw: a bad file stops the desk at start, naming file and line."""
    found: dict[str, Procedure] = {}
    for path in sorted((RESOURCES / "procedures").glob("*.toml")):
        loaded = load_procedure(path.read_text(encoding="utf-8"), path.name)
        if isinstance(loaded, Flaw):
            return loaded
        found[loaded.procedure] = loaded
    return found


def load_vouchers() -> dict[str, VoucherForm] | VoucherFlaw:
    """Every form of voucher, or the first flaw."""
    found: list[VoucherForm] = []
    for path in sorted((RESOURCES / "vouchers").glob("*.toml")):
        form = read_form(path.read_text(encoding="utf-8"), path.name)
        if isinstance(form, VoucherFlaw):
            return form
        found.append(form)
    return by_id(found)


@dataclass
class CounterTop:
    """The machines of a desk with their workers; ``room`` is where a spare is swapped in."""

    machines: Machines
    workers: tuple[DeviceWorker, ...]
    room: MachineRoom | None = None

    def wait_ready(self, timeout_seconds: float) -> bool:
        """Wait until every machine identified itself, and a person confirmed those that cannot."""
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until:
            if all(worker.is_ready for worker in self._driven()):
                return True
            time.sleep(0.01)
        return False

    def wait_heard(self, timeout_seconds: float) -> bool:
        """Wait until every machine answered: it is ready, or waits for a person's word."""
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until:
            if all(worker.is_ready or worker.awaits_person for worker in self._driven()):
                return True
            time.sleep(0.01)
        return False

    def _driven(self) -> tuple[DeviceWorker, ...]:
        return self.room.workers if self.room else self.workers

    def stop(self) -> None:
        for worker in self._driven():
            worker.stop()


def shipped_models() -> dict[str, Manifest]:
    """Every model of ``resources/devices``. A flaw in a shipped manifest is a defect, found by a test."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        raise ValueError(str(models))
    return models


def counter_top(room: MachineRoom, placed: Iterable[Placed]) -> CounterTop:
    """Drivers and workers for the machines of a desk's places; only the drivers of its own machines are imported."""
    for one in placed:
        room.place(one)
    return CounterTop(room.machines, room.workers, room)


def bound_machines(store: JournalStore, root: bytes, models: Mapping[str, Manifest]) -> dict[str, Placed]:
    """Which machine is believed to belong to which place, by the desk's own record: a binding that does not stand up to
    the bank's root, or names a model nobody here can drive, is not acted on."""
    fold = believed(store.own_recorded(), root, store.business_began_at())
    return {
        place: Placed(one.model, one.port, DeviceIdentity(kind, one.value), one.binding_id)
        for place, one in fold.by_place.items()
        if one.model in models and (kind := _IDENTITIES.get(one.identity)) is not None
    }


_IDENTITIES = {one.value: one for one in IdentityKind}


@dataclass
class OpenDesk:
    """A desk that runs: its session, store and machines."""

    session: TellerSession
    store: JournalStore
    top: CounterTop

    def close(self) -> None:
        self.session.interrupt()
        self.top.stop()
        self.store.close()


def utc_now() -> datetime:
    return datetime.now(UTC)


def utc_text() -> str:
    return utc_now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def open_store(
    url: str, keys: DeskKeys, witness_file: Path, moment: Callable[[str], None] = nothing
) -> JournalStore | Refusal:
    """The desk's journal, with its witness outside the database."""
    return JournalStore.open(url, keys.desk, keys.vault, moment, Witness(witness_file, keys.desk, utc_text))


def _other_desk(store: JournalStore, config: DeskConfig) -> Refusal | None:
    """Why these settings are not this record's: what a desk was enrolled as is signed, what IT wrote down is not.
    Training must stay training, and cash is taken into a drawer and no other account."""
    first = store.read("SELECT body FROM journal WHERE desk_id=? AND sequence=1", (store.desk_id,))
    enrolled = decode(first[0][0]).event if first else None
    if isinstance(enrolled, DeskEnrolled) and enrolled.training != config.training:
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="training")
    if not store.read("SELECT 1 FROM drawer_cash WHERE account_id=?", (config.cash_account_id,)):
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="cash account")
    return None


def open_desk(
    store: JournalStore,
    config: DeskConfig,
    trust_file: Path,
    sealed_keys: Mapping[str, str],
    slips: Path,
    shelf: FormShelf,
    top: CounterTop,
) -> OpenDesk | Refusal:
    """Everything together. A flaw in a shipped file or a missing trust file is a refusal that names it."""
    procedures = load_procedures()
    if isinstance(procedures, Flaw):
        return refuse(RefusalCode.PROCEDURE_INVALID, flaw=procedures)
    vouchers, papers = load_vouchers(), load_papers()
    if isinstance(vouchers, VoucherFlaw):
        return refuse(RefusalCode.PROCEDURE_INVALID, flaw=vouchers)
    if isinstance(papers, PaperFlaw):
        return refuse(RefusalCode.PROCEDURE_INVALID, flaw=papers)
    root = read_trust(trust_file.read_bytes()) if trust_file.exists() else b""
    if isinstance(root, Refusal) or not root:
        return refuse(RefusalCode.TRUST_MISSING, file=trust_file.name)
    other = _other_desk(store, config)
    if other:
        return other
    rules = take_in_rules(store, trust_file.parent / RULES_FOLDER, root, config, utc_text())
    if isinstance(rules, Refusal):
        return rules
    bank = EmbeddedCoreBank(store, lambda form: shelf.forms[form].lines)
    given = Collaborators(
        config=config,
        records=store,
        bank=bank,
        procedures=procedures,
        rules=rules,
        vouchers=vouchers,
        papers=papers,
        authenticator=PasswordAuthenticator(store, root, sealed_keys),
        machines=top.room.machines if top.room else top.machines,
        forms=shelf,
        slips=SlipFolder(slips),
        utc_now=utc_now,
        new_id=lambda: secrets.token_hex(16),
        cancel=threading.Event(),
        room=top.room,
    )
    return OpenDesk(TellerSession(given), store, top)
