"""Puts a desk together from its folder and machines: the only place, besides ``ui.app``, that names concrete parts.

No window and no arguments here; a face asks for an ``OpenDesk`` and talks to its session.
"""

from __future__ import annotations

import hashlib
import json
import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.core import Collaborators, DeskConfig
from desk.corebank.embedded import EmbeddedCoreBank
from desk.domain.cash import CashRow
from desk.domain.events import DeskEnrolled
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import DepositSlip
from desk.journal.codec import decode
from desk.journal.trust import read_trust
from desk.machines import FormFacts, Machines, PlacedField
from desk.persistence.authenticator import PasswordAuthenticator
from desk.persistence.journal_store import JournalStore, nothing
from desk.persistence.secrets import DeskKeys
from desk.persistence.witness import Witness
from desk.procedures.loader import Flaw, load_procedure
from desk.procedures.procedure import Procedure
from desk.rules.rule_pack import PackFlaw, RulePack, choose, load_pack
from desk.session import TellerSession
from devices.contracts import DeviceKind, DeviceStatus, PassbookJob
from devices.errors import DeviceError
from devices.forms import UNITS_PER_MM, PassbookForm, lay_out, load_form, marked
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.link.trace import Listener, TraceLink
from devices.registry import Manifest, ManifestFlaw, load_manifests
from devices.supervised import (
    SupervisedDetector,
    SupervisedNoteCounter,
    SupervisedPassbookPrinter,
    SupervisedReceiptPrinter,
)
from devices.worker import DeviceWorker

RESOURCES = Path(__file__).parents[1] / "resources"
OnStatus = Callable[[DeviceStatus], None]


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
        return tuple(PlacedField(one.x / UNITS_PER_MM, one.y / UNITS_PER_MM, one.text) for one in placed)


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


def load_packs() -> tuple[RulePack, ...] | PackFlaw:
    packs = []
    for path in sorted((RESOURCES / "rules").glob("*.toml")):
        loaded = load_pack(path.read_text(encoding="utf-8"), path.name)
        if isinstance(loaded, PackFlaw):
            return loaded
        packs.append(loaded)
    return tuple(packs)


@dataclass
class CounterTop:
    """The machines of a desk with their workers."""

    machines: Machines
    workers: tuple[DeviceWorker, ...]

    def wait_ready(self, timeout_seconds: float) -> bool:
        """Wait until every machine identified itself."""
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until:
            if all(worker.is_ready for worker in self.workers):
                return True
            time.sleep(0.01)
        return False

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()


@dataclass(frozen=True)
class Fitting:
    """Where a kind of machine stands on the counter, and how it is supervised."""

    place: str
    supervised: Callable[[Any, DeviceWorker], object]


FITTINGS: Mapping[DeviceKind, Fitting] = {
    DeviceKind.PASSBOOK_PRINTER: Fitting("printer", SupervisedPassbookPrinter),
    DeviceKind.NOTE_COUNTER: Fitting("counter", SupervisedNoteCounter),
    DeviceKind.COUNTERFEIT_DETECTOR: Fitting("detector", SupervisedDetector),
    DeviceKind.RECEIPT_PRINTER: Fitting("receipts", SupervisedReceiptPrinter),
}


def shipped_models() -> dict[str, Manifest]:
    """Every model of ``resources/devices``. A flaw in a shipped manifest is a defect, found by a test."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        raise ValueError(str(models))
    return models


def counter_top(
    ports: Mapping[str, str],
    shelf: FormShelf,
    on_status: OnStatus,
    tracers: Mapping[str, Listener] | None = None,
) -> CounterTop:
    """Drivers and workers for the given ports by model (names of ``resources/devices``); only the drivers of a desk's
    own machines are imported. A tracer sees every byte of its machine's line."""
    traced = tracers or {}
    workers: list[DeviceWorker] = []
    places: dict[str, Any] = {}
    models = shipped_models()
    for name, port in ports.items():
        model = models[name]
        fitting = FITTINGS[model.kind]
        extra = (shelf.forms, Glyphs()) if model.kind is DeviceKind.PASSBOOK_PRINTER else ()
        driver = model.driver_class()(name, time.monotonic, *extra)
        worker = DeviceWorker(
            name,
            driver,
            _opener(port, model.line, traced.get(name)),
            time.monotonic,
            random.random,
            on_status,
            model=model.model,
        )
        worker.start()
        workers.append(worker)
        places[fitting.place] = fitting.supervised(driver, worker)
    return CounterTop(Machines(**places), tuple(workers))


def _opener(port: str, settings: SerialSettings, tracer: Listener | None) -> Callable[[], Link]:
    def opened() -> Link:
        link = link_for(port, settings)
        return TraceLink(link, tracer, time.monotonic) if tracer else link

    return opened


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
    procedures, packs = load_procedures(), load_packs()
    if isinstance(procedures, Flaw):
        return refuse(RefusalCode.PROCEDURE_INVALID, flaw=procedures)
    if isinstance(packs, PackFlaw):
        return refuse(RefusalCode.PROCEDURE_INVALID, flaw=packs)
    pack = choose(packs, config.business_date)
    if pack is None:
        return refuse(RefusalCode.PROCEDURE_INVALID, flaw=f"no rule pack for {config.business_date}")
    root = read_trust(trust_file.read_bytes()) if trust_file.exists() else b""
    if isinstance(root, Refusal) or not root:
        return refuse(RefusalCode.TRUST_MISSING, file=trust_file.name)
    other = _other_desk(store, config)
    if other:
        return other
    bank = EmbeddedCoreBank(store, lambda form: shelf.forms[form].lines)
    given = Collaborators(
        config=config,
        records=store,
        bank=bank,
        procedures=procedures,
        pack=pack,
        authenticator=PasswordAuthenticator(store, root, sealed_keys),
        machines=top.machines,
        forms=shelf,
        slips=SlipFolder(slips),
        utc_now=utc_now,
        new_id=lambda: secrets.token_hex(16),
        cancel=threading.Event(),
    )
    return OpenDesk(TellerSession(given), store, top)
