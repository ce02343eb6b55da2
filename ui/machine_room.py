"""The machines of one counter by place: who is bound there, the worker that drives it, and how a spare comes in.

Builds drivers and workers from manifests; knows no journal, no person and no window. Asking a machine who it is has no
effect on it. Safe from any thread; a place is changed by one thread at a time (the desk's).
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desk.machines import MachineOffer, Machines, PlaceFacts
from devices.contracts import DeviceIdentity, DeviceKind, DeviceState, DeviceStatus, IdentityKind
from devices.discovery import find_ports
from devices.errors import DeviceError, LinkLost, of_link
from devices.forms import PassbookForm
from devices.glyphs import Glyphs
from devices.identity import Binding, bind, find_port
from devices.link.base import Link
from devices.link.factory import link_for
from devices.link.trace import Listener, TraceLink
from devices.registry import Manifest
from devices.single_machine import DeadlineLink, settings_of
from devices.supervised import (
    SupervisedDetector,
    SupervisedNoteCounter,
    SupervisedPassbookPrinter,
    SupervisedReceiptPrinter,
    without_flicker,
)
from devices.worker import DeviceWorker

IDENTIFY_SECONDS, ASIDE_SECONDS = 10.0, 3.0
OnStatus = Callable[[DeviceStatus], None]


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


@dataclass(frozen=True)
class Placed:
    """A machine as it is bound to its place. ``identity`` None takes any machine and asks nobody: only for set-up."""

    model: str
    port: str
    identity: DeviceIdentity | None = None
    binding_id: str = ""


@dataclass(frozen=True)
class FoundMachine:
    """A line where a machine may answer: its lasting name, what is known of it from outside, and the model where the
    line itself tells it ("" where it does not); ``title`` is the model as its maker calls it."""

    port: str
    label: str
    model: str = ""
    title: str = ""


def serial_lines() -> tuple[FoundMachine, ...]:
    """Every serial port by the name that lasts longest."""
    return tuple(FoundMachine(one.binding, f"{one.port} {one.description}".strip()) for one in find_ports())


@dataclass(frozen=True)
class Surroundings:
    """What a room is given: the models, the forms of books, the way from a lasting name to today's port, and how lines
    are found. ``tracers`` by place see every byte of a machine's line. ``secret_of`` tells what a machine must be told
    and no file may hold: None is the maker's published value, which simulated machines are set to."""

    models: Mapping[str, Manifest]
    forms: Mapping[str, PassbookForm]
    on_status: OnStatus
    port_of: Callable[[str], str] = find_port
    find: Callable[[], Sequence[FoundMachine]] = serial_lines
    tracers: Mapping[str, Listener] = field(default_factory=dict)
    secret_of: Callable[[Manifest], str | None] = lambda model: None


@dataclass
class _Station:
    """One place with its worker."""

    placed: Placed
    manifest: Manifest
    worker: DeviceWorker
    machine: object


class MachineRoom:
    """``desk.machines.MachineRoom`` over real workers. ``found`` and ``identify`` may take seconds."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._stations: dict[str, _Station] = {}
        self._offers: dict[str, MachineOffer] = {}
        self._asking = threading.Lock()

    # --- the machines --------------------------------------------------------------------------------------

    def place(self, placed: Placed) -> None:
        """Put a machine at the place of its kind, and start to look after it."""
        model = self._around.models[placed.model]
        fitting = FITTINGS[model.kind]
        driver = self._driver(model)
        worker = DeviceWorker(
            model.name,
            driver,
            lambda: self._link(model, placed.port, fitting.place),
            time.monotonic,
            random.random,
            without_flicker(self._around.on_status),
            placed.identity,
            model.model,
        )
        station = _Station(placed, model, worker, fitting.supervised(driver, worker))
        self._stations[fitting.place] = station
        worker.start()

    def _driver(self, model: Manifest) -> Any:
        extra = (self._around.forms, Glyphs()) if model.kind is DeviceKind.PASSBOOK_PRINTER else ()
        settings = settings_of(model, self._around.secret_of(model))
        return model.driver_class()(model.name, time.monotonic, *extra, **settings)

    def _link(self, model: Manifest, port: str, place: str) -> Link:
        """A fresh link, by the name the port has now."""
        link = link_for(self._around.port_of(port), model.line)
        tracer = self._around.tracers.get(place)
        return TraceLink(link, tracer, time.monotonic) if tracer else link

    @property
    def machines(self) -> Machines:
        """What stands on the counter now."""
        driven: dict[str, Any] = {place: one.machine for place, one in self._stations.items()}
        return Machines(**driven)

    @property
    def workers(self) -> tuple[DeviceWorker, ...]:
        return tuple(one.worker for one in self._stations.values())

    def identity_at(self, place: str) -> DeviceIdentity:
        """Who the machine of a place said it is."""
        return self._stations[place].worker.status.identity

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()

    # --- what the desk asks --------------------------------------------------------------------------------

    def places(self) -> tuple[PlaceFacts, ...]:
        return tuple(
            PlaceFacts(
                place, one.manifest.kind, one.manifest.name, one.manifest.model, one.manifest.evidence.value,
                one.placed.identity or DeviceIdentity(IdentityKind.NONE), one.placed.port, one.placed.binding_id,
            )
            for place, one in sorted(self._stations.items(), key=lambda one: _ORDER[one[0]])
        )  # fmt: skip

    def is_busy(self, place: str) -> bool:
        return self._stations[place].worker.status.state is DeviceState.BUSY

    def is_still(self, place: str) -> bool:
        return self._stations[place].worker.status.state is DeviceState.READY

    def is_asking(self, place: str) -> bool:
        state = self._stations[place].worker.status.state
        return state in (DeviceState.BUSY, DeviceState.NEEDS_PERSON) and not self.awaits_person(place)

    def awaits_person(self, place: str) -> bool:
        station = self._stations.get(place)
        return station is not None and station.worker.awaits_person

    def confirm(self, place: str) -> None:
        self._stations[place].worker.confirm()

    def hurry(self, place: str) -> None:
        """Try this machine now instead of waiting out the pause."""
        self._stations[place].worker.hurry()

    def offer(self, offer_id: str) -> MachineOffer | None:
        return self._offers.get(offer_id)

    def put(self, place: str, offer: MachineOffer, binding_id: str) -> Machines:
        """The old machine's line is closed before the new one's opens: they may be the same."""
        self._stations[place].worker.stop()
        self._offers.clear()
        self.place(Placed(offer.model, offer.port, offer.identity, binding_id))
        self._around.on_status(self._stations[place].worker.status)
        return self.machines

    # --- finding a spare -----------------------------------------------------------------------------------

    def found(self, place: str) -> tuple[FoundMachine, ...]:
        """Lines that no working machine of this counter holds, each with a model of this place's kind: the model the
        line tells, else each that can be driven, the one that stands here now first."""
        here = self._stations[place]
        taken = {one.placed.port for one in self._stations.values() if one is not here or one.worker.is_ready}
        kind = here.manifest.kind
        fitting = [
            here.manifest.name,
            *(name for name, one in self._around.models.items() if one.kind is kind),
        ]
        lines: list[FoundMachine] = []
        for line in self._around.find():
            if line.port not in taken:
                here_or_any = [line.model] if line.model else dict.fromkeys(fitting)
                lines += [replace(line, model=model) for model in here_or_any]
        models, now = self._around.models, here.manifest.name
        lines.sort(key=lambda one: one.model != now)
        return tuple(replace(one, title=models[one.model].model) for one in lines if one.model in models)

    def identify(self, place: str, line: FoundMachine) -> MachineOffer | DeviceError:
        """Ask who is there; nothing that has an effect is sent. The machine that holds the line meanwhile stands
        aside."""
        with self._asking:
            here = self._stations[place]
            if here.placed.port != line.port:
                return self.ask(line)
            with here.worker.standing_aside():
                until = time.monotonic() + ASIDE_SECONDS
                while not here.worker.is_away and time.monotonic() < until:
                    time.sleep(0.01)
                return self.ask(line)

    def ask(self, line: FoundMachine) -> MachineOffer | DeviceError:
        """Open a line that nobody holds, and ask."""
        model = self._around.models[line.model]
        link: DeadlineLink | None = None
        try:
            link = DeadlineLink(
                link_for(self._around.port_of(line.port), model.line), IDENTIFY_SECONDS, time.monotonic
            )
            link.open()
            driver = self._driver(model)
            driver.attach(link)
            said = driver.identify()
        except LinkLost as lost:
            return of_link(lost)
        finally:
            if link is not None:
                link.close()
        if isinstance(said, DeviceError):
            return said
        bound: Binding = bind(line.port, said)
        offer = MachineOffer(
            secrets.token_hex(8),
            model.kind,
            model.name,
            model.model,
            model.evidence.value,
            bound.identity,
            bound.port,
        )
        self._offers[offer.offer_id] = offer
        return offer


_ORDER = {fitting.place: at for at, fitting in enumerate(FITTINGS.values())}
