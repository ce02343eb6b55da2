"""What is done for each fault: named variants over one trial. Most are a ``Faults`` value at several places of a line.

No protocol here; what only a protocol can say comes from ``vectors``. A variant raises ``NotHere`` with the reason when
the machine at hand cannot be put into that state.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from devices.conformance.adapters import DetectorAdapter, PassbookAdapter, settled
from devices.conformance.bench import RealBench, SimulatedMachine, VirtualBench
from devices.conformance.faults import LineKind
from devices.conformance.trial import READY_SECONDS, Trial, Usual
from devices.conformance.vectors import BUSY, HANDS, VECTORS, Mood, Vectors
from devices.contracts import DeviceIdentity, DeviceState, IdentityKind, NoteClass, NoteReading, PreparedJob
from devices.errors import DeviceError, DeviceErrorCode, LinkBusy
from devices.link.fault import Faults
from devices.link.serial_port import SerialSettings
from devices.registry import Manifest

NOISE = bytes.fromhex("00ff55aa02037f1b15fc")
LATE_SECONDS = 12.0
SLEEP_SECONDS = 3600.0
CRAWL_SECONDS, MECHANICS_SECONDS = 0.05, 40.0


class NotHere(Exception):
    """This variant does not apply to this machine; the text says why."""


class NotThisKind(NotHere):
    """This variant is for another kind of machine, and no report needs to speak of it."""


@dataclass(frozen=True)
class Variant:
    """One way a fault shows. ``act`` runs between a started trial and its finish."""

    name: str
    act: Callable[[Trial], None]


@dataclass(frozen=True)
class Plan:
    """What the variants are made from."""

    usual: Usual
    thorough: bool
    sequenced: bool
    models: Sequence[Manifest]


def _places(total: int, plan: Plan) -> list[int]:
    """Places spread over so many bytes: both ends always, and what lies between."""
    count = min(total, 16 if plan.thorough else 4)
    if count <= 1:
        return [0]
    return sorted({round(number * (total - 1) / (count - 1)) for number in range(count)})


def _at(name: str, make: Callable[[int], Faults], places: Sequence[int]) -> Iterator[Variant]:
    for place in places:
        yield Variant(f"{name} {place}", _during(make(place)))


def _during(faults: Faults, after: Callable[[Trial], None] | None = None) -> Callable[[Trial], None]:
    def act(trial: Trial) -> None:
        trial.attempt(replace(faults))
        if after is not None:
            after(trial)

    return act


# --- bytes ---------------------------------------------------------------------------------------------------------


def noise(plan: Plan) -> Iterator[Variant]:
    yield from _at("noise at", lambda at: Faults(noise_at=at, noise=NOISE), _places(plan.usual.read, plan))
    yield Variant("BREAK", _break)


def _break(trial: Trial) -> None:
    if not isinstance(trial.bench, VirtualBench):
        raise NotHere("a pty and TCP carry no BREAK: played over the null modem")
    device = trial.bench.device
    for seconds in (0.1, 0.35, 0.5):
        trial.bench.after(seconds, device.send_break)
    trial.attempt()


def flips(plan: Plan) -> Iterator[Variant]:
    for mask in (0x01, 0x40) if not plan.thorough else (0x01, 0x08, 0x10, 0x40):
        yield from _at(
            f"bit {mask:02x} at", partial(_flip, mask),
            _places(plan.usual.read, plan),
        )  # fmt: skip


def _flip(mask: int, at: int) -> Faults:
    return Faults(flip_bit_at=at, flip_mask=mask)


def _later(seconds: float, at: int) -> Faults:
    return Faults(late_after=at, late_seconds=seconds)


def cut_short(plan: Plan) -> Iterator[Variant]:
    places = _places(plan.usual.read, plan)
    yield from _at("one byte lost at", lambda at: Faults(lose_at=at), places)
    yield from _at("five bytes lost at", lambda at: Faults(lose_at=at, lose_count=5), places)


def wrong_check(plan: Plan) -> Iterator[Variant]:
    """The last bytes of what an answer carries, where check values stand."""
    for back in (1, 2, 3):
        place = max(0, plan.usual.read - back)
        yield Variant(f"byte {back} from the end", _during(Faults(flip_bit_at=place, flip_mask=0x10)))
    yield from _at(
        "check of", lambda at: Faults(flip_bit_at=at, flip_mask=0x3F), _places(plan.usual.read, plan)
    )


def doubled_answer(plan: Plan) -> Iterator[Variant]:
    yield from _at(
        "answer", lambda at: Faults(repeat_read_piece=at), _places(min(plan.usual.pieces_read, 40), plan)
    )


def doubled_command(plan: Plan) -> Iterator[Variant]:
    """A stream of print bytes has no number that tells a repeated piece from two: there only the question before it
    is doubled, and that nothing of ours ever writes a piece twice is what F7, F8 and F10 show."""
    if not plan.usual.pieces_written:
        yield Variant("command", _nothing_sent)
        return
    last = plan.usual.pieces_written if plan.sequenced else min(1, plan.usual.pieces_read)
    if not last:
        yield Variant("command", _nothing_to_double)
    yield from _at("command", lambda at: Faults(repeat_write_piece=at), _places(min(last, 40), plan))


def _nothing_sent(trial: Trial) -> None:
    raise NotHere("while it works nothing is sent to this machine")


def _nothing_to_double(trial: Trial) -> None:
    raise NotHere("nothing but print bytes is ever sent, and nothing in them tells a repeated piece from two")


def late(plan: Plan) -> Iterator[Variant]:
    places = _places(plan.usual.read, plan)
    for seconds in (0.6, LATE_SECONDS):
        yield from _at(
            f"{seconds:g} s late behind",
            partial(_later, seconds), places,
        )  # fmt: skip


def stall(plan: Plan) -> Iterator[Variant]:
    yield from _at("silent behind", lambda at: Faults(silent_after=at), _places(plan.usual.read, plan))


def slow(plan: Plan) -> Iterator[Variant]:
    yield Variant("a byte in 50 ms", _crawl)
    yield Variant("mechanics of 40 s", _mechanics)


def _crawl(trial: Trial) -> None:
    seconds = CRAWL_SECONDS if isinstance(trial.bench, VirtualBench) else CRAWL_SECONDS / 10
    trial.attempt(Faults(seconds_per_byte=seconds))


def _mechanics(trial: Trial) -> None:
    if not isinstance(trial.bench, VirtualBench):
        raise NotHere("forty seconds of machine time: played in the null modem's own time")
    assert trial.usual is not None
    trial.attempt(Faults(late_after=trial.usual.read // 2, late_seconds=MECHANICS_SECONDS))


# --- cuts and plugs ----------------------------------------------------------------------------------------------


def cuts(plan: Plan) -> Iterator[Variant]:
    written = _places(plan.usual.written, plan)
    yield from _at("cut after sending", lambda at: Faults(cut_after_written=at), written)
    yield from _at("cut after reading", lambda at: Faults(cut_after_read=at), _places(plan.usual.read, plan))
    yield Variant("cable pulled in the middle", _pulled)


def _pulled(trial: Trial) -> None:
    trial.bench.after(0.35, trial.bench.unplug)
    trial.attempt()
    trial.bench.rest(2.0)
    trial.bench.plug_in()


def replug(plan: Plan) -> Iterator[Variant]:
    def idle(trial: Trial) -> None:
        trial.bench.unplug()
        if not trial.bench.settle(READY_SECONDS, DeviceState.OFFLINE):
            trial.findings.append("a pulled cable was not seen")
        trial.bench.plug_in()

    yield Variant("while idle", idle)
    yield Variant("while working", _pulled)


def wrong_machine(plan: Plan) -> Iterator[Variant]:
    for other in plan.models:
        yield Variant(f"{other.name} instead", partial(_instead, other=other))


def _instead(trial: Trial, other: Manifest) -> None:
    """The other machine must not be moved; whether it answers at all is its own affair."""
    bench = trial.bench
    mine = bench.machine
    if mine is None or other.protocol == bench.model.protocol:
        raise NotHere("the same protocol")
    bench.unplug()
    bench.settle(READY_SECONDS, DeviceState.OFFLINE)
    folder = mine.directory / f"instead-{other.name}"
    folder.mkdir()
    bench.machine = SimulatedMachine(other, folder, {})
    bench.hire(DeviceIdentity(IdentityKind.SERIAL_NUMBER, "the one that is bound"))
    bench.plug_in()
    bench.rest(20.0)
    if bench.worker.is_ready:
        trial.findings.append(f"took {other.name} for its own machine")
    if bench.machine.facts():
        trial.findings.append(f"moved {other.name}, which is not bound: {bench.machine.facts()[:2]}")
    _is_refused(trial, DeviceErrorCode.NOT_READY)
    bench.unplug()
    bench.machine = mine
    bench.hire()
    bench.plug_in()


def _is_refused(trial: Trial, code: DeviceErrorCode) -> None:
    """An effect that is asked for now must be refused and never happen."""
    ran: list[bool] = []
    result = trial.bench.run(lambda: ran.append(True))
    if getattr(result, "code", None) is not code or ran:
        trial.findings.append(f"an effect was let through: {result}")


def other_number(plan: Plan) -> Iterator[Variant]:
    yield Variant("another number", _other_number)
    yield Variant("nobody can tell: a person says so", _by_a_person)


def _other_number(trial: Trial) -> None:
    bench = trial.bench
    said = bench.worker.status.identity
    if said.kind is IdentityKind.NONE:
        raise NotHere("the machine says no number: a person confirms it (next variant)")
    bench.kill_desk()
    bench.hire(DeviceIdentity(said.kind, said.value + "-other"))
    if not bench.settle(READY_SECONDS, DeviceState.WRONG_DEVICE):
        trial.findings.append("another machine's number was taken for the bound one")
    _is_refused(trial, DeviceErrorCode.NOT_READY)
    bench.kill_desk()


def _by_a_person(trial: Trial) -> None:
    bench = trial.bench
    bench.kill_desk()
    bench.hire(DeviceIdentity(IdentityKind.NONE))
    bench.settle(READY_SECONDS, DeviceState.NEEDS_PERSON)
    before = bench.facts()
    _is_refused(trial, DeviceErrorCode.UNCONFIRMED)
    bench.rest(5.0)
    if bench.facts() != before:
        trial.findings.append("something happened before a person confirmed")
    if not bench.worker.confirm():
        trial.findings.append("a person's word was not taken")
    if not bench.settle(READY_SECONDS):
        trial.findings.append("not ready after a person confirmed")


def restart(plan: Plan) -> Iterator[Variant]:
    for seconds in (0.1, 0.4, 0.6):
        yield Variant(f"after {seconds:g} s", partial(_restart, seconds=seconds))


def _restart(trial: Trial, seconds: float) -> None:
    machine = trial.bench.machine
    assert machine is not None
    trial.bench.after(seconds, machine.reboot)
    trial.attempt()


def held(plan: Plan) -> Iterator[Variant]:
    yield Variant("held", _held)


def _held(trial: Trial) -> None:
    """Whoever comes second is told that the port is held, and the first goes on undisturbed."""
    second = trial.bench.open_line()
    try:
        second.open()
    except LinkBusy as busy:
        if not busy.holder:
            trial.findings.append(f"nobody is named as holder: {busy}")
    else:
        second.close()
        trial.findings.append("the port was opened twice")
    trial.attempt()


# --- states ------------------------------------------------------------------------------------------------------


def _vectors(trial: Trial) -> Vectors:
    return VECTORS.get(trial.bench.model.protocol, Vectors())


def storm(plan: Plan) -> Iterator[Variant]:
    def act(trial: Trial) -> None:
        trial.never_done(trial.attempt(Faults(instead=_vectors(trial).nak)))

    yield Variant("nothing but NAK", act)
    yield from _at(
        "40 NAK at", lambda at: Faults(noise_at=at, noise=b"\x15" * 40), _places(plan.usual.read, plan)[:2]
    )


def busy(plan: Plan) -> Iterator[Variant]:
    yield from (Variant(one.name, _in_mood(one)) for kind in BUSY for one in BUSY[kind])


def hands(plan: Plan) -> Iterator[Variant]:
    yield from (Variant(one.name, _in_mood(one)) for kind in HANDS for one in HANDS[kind])
    yield Variant("a note turned away", _turned_away)


def _turned_away(trial: Trial) -> None:
    """A reject is never proof of forgery, and the note came back."""
    if not isinstance(trial.adapter, DetectorAdapter):
        raise NotThisKind
    before, trial.adapter = trial.adapter, DetectorAdapter({}, classification=0)
    reading = trial.attempt().result
    trial.adapter = before
    if not isinstance(reading, NoteReading) or reading.note_class is not NoteClass.UNRECOGNISED:
        trial.findings.append(f"a note that was turned away: {reading}")


def _in_mood(mood: Mood) -> Callable[[Trial], None]:
    def act(trial: Trial) -> None:
        kind = trial.bench.model.kind
        if mood not in (*BUSY[kind], *HANDS[kind]):
            raise NotThisKind
        if mood.after_seconds is None:
            _do(trial, mood.begin)
        else:
            trial.bench.after(mood.after_seconds, lambda: _do(trial, mood.begin))
        trial.attempt()
        _do(trial, mood.end)

    return act


def _do(trial: Trial, commands: Sequence[dict[str, object]]) -> None:
    for command in commands:
        try:
            trial.bench.hands(**command)
        except (AttributeError, KeyError, ValueError) as missing:
            raise NotHere(f"its simulator has no such hand: {missing}") from missing


def line_held(plan: Plan) -> Iterator[Variant]:
    for name, release in (("let go late", 6.0), ("never let go", None)):
        yield Variant(f"CTS or XOFF {name}", partial(_line_held, release=release))


def _line_held(trial: Trial, release: float | None) -> None:
    assert isinstance(trial.bench, VirtualBench)
    device = trial.bench.device
    device.hold()
    if release is not None:
        trial.bench.after(release, device.release)
    trial.attempt()
    trial.bench.rest(3.0)
    device.release()


def wrong_settings(plan: Plan) -> Iterator[Variant]:
    for speed in (0.5, 2.0):
        yield Variant(f"speed times {speed:g}", partial(_mistuned, speed=speed, parity=None))
    for parity in ("E", "N"):
        yield Variant(f"parity {parity}", partial(_mistuned, speed=1.0, parity=parity))


def _mistuned(trial: Trial, speed: float, parity: str | None) -> None:
    assert isinstance(trial.bench, VirtualBench)
    if trial.usual is not None and "in" not in trial.usual.ways:
        raise NotHere(
            "a printer that says nothing cannot tell that its line is set wrongly: print a test page"
        )
    right = trial.bench.model.line
    frame = (right.data_bits, right.parity) if parity is None else ((7, "E") if parity == "E" else (8, "N"))
    wrong = SerialSettings(round(right.baud_rate * speed), frame[0], frame[1], right.stop_bits)
    if wrong == right:
        raise NotHere("that is how its line is set")
    trial.bench.set_line(wrong)
    trial.attempt()
    trial.bench.rest(3.0)
    trial.bench.set_line(None)


def book_end(plan: Plan) -> Iterator[Variant]:
    yield Variant("the last line", _last_line)
    yield Variant("a line behind the last", lambda trial: _off(trial, (25,), 1))
    yield Variant("line 0", lambda trial: _off(trial, (0,), 1))
    yield Variant("a page behind the last", lambda trial: _off(trial, (1,), 9))


def _passbook(trial: Trial) -> PassbookAdapter:
    assert isinstance(trial.adapter, PassbookAdapter)
    return trial.adapter


def _last_line(trial: Trial) -> None:
    job = _passbook(trial).job(trial.bench, 99, (23, 24))
    outcome = trial.bench.run(lambda: trial.bench.driver.execute(job, lambda seen: None, _Never()))
    assert trial.usual is not None
    if outcome.kind is not trial.usual.result.kind:
        trial.findings.append(f"the last line was not printed: {outcome}")
    trial.bench.rest(1.0)
    rows = sum(1 for fact in trial.bench.facts() if fact["fact"] == "ink")
    if rows != 2:
        trial.findings.append(f"{rows} rows on the last two lines")


class _Never:
    def is_set(self) -> bool:
        return False


def _off(trial: Trial, lines: Sequence[int], page: int) -> None:
    made = _passbook(trial).prepared(trial.bench, "job-off", lines, page)
    if isinstance(made, PreparedJob):
        trial.findings.append(f"a row off the book is prepared: page {page}, line {lines[0]}")


def unknown_status(plan: Plan) -> Iterator[Variant]:
    def every(trial: Trial) -> None:
        trial.never_done(trial.attempt(Faults(instead=_unknown(trial))))

    def each_status(trial: Trial) -> None:
        unknown, status = _unknown(trial), _vectors(trial).in_place_of
        if status is None:
            raise NotHere("every answer carries a status")
        attempt, link = trial.attempt(Faults(instead=unknown, instead_of=status)), trial.bench.link
        if link is None or not link.replaced:
            raise NotHere("no answer with a status could be told from the others on this line")
        if isinstance(
            trial.bench, VirtualBench
        ):  # on a real line one that came in two pieces stays as it was
            trial.never_done(attempt)

    yield Variant("every answer", every)
    yield Variant("every answer with a status", each_status)
    for place in _places(plan.usual.read, plan):
        yield Variant(f"one at {place}", partial(_one_unknown, at=place))


def _unknown(trial: Trial) -> bytes:
    found = _vectors(trial)
    if not found.unknown:
        raise NotHere(found.why_none)
    return found.unknown


def _one_unknown(trial: Trial, at: int) -> None:
    trial.attempt(Faults(noise_at=at, noise=_unknown(trial)))


def extra_bytes(plan: Plan) -> Iterator[Variant]:
    for extra in (b"\0", b"\r\n", b"\x7f\x7f\x7f"):
        yield Variant(f"{extra.hex()} behind every answer", _during(Faults(behind=extra)))


def echo(plan: Plan) -> Iterator[Variant]:
    yield Variant("echo", _during(Faults(echo=True)))


def clock(plan: Plan) -> Iterator[Variant]:
    for seconds in (0.1, 0.4):
        yield Variant(f"sleeps after {seconds:g} s", partial(_slept, seconds=seconds))


def _slept(trial: Trial, seconds: float) -> None:
    trial.bench.after(seconds, lambda: trial.bench.jump(SLEEP_SECONDS))
    trial.attempt()


def killed(plan: Plan) -> Iterator[Variant]:
    yield from (
        Variant(f"after {at} bytes", partial(_killed, at=at)) for at in _places(plan.usual.written, plan)
    )


def _killed(trial: Trial, at: int) -> None:
    """The driver stops between two bytes, its port is let go of, another desk starts. What the first believed died with
    it; its journal has a row without an outcome, and that is Unknown."""
    if isinstance(trial.bench, RealBench):
        _sigkill(trial, at)
        return
    bench = trial.bench
    attempt = trial.attempt(Faults(cut_after_written=at))
    attempt.result = settled(bench.model.kind, DeviceError(DeviceErrorCode.RESTARTED))
    bench.kill_desk()


def _sigkill(trial: Trial, at: int) -> None:
    """A real process with a driver of its own on this line, killed by SIGKILL once so many bytes have left it."""
    bench = trial.bench
    assert isinstance(bench, RealBench)
    bench.worker.stop()
    port = str(bench.name) if bench.line is LineKind.PTY else bench.name.read_text("utf-8")
    attempt, _ = trial.adapter.begin(bench, 1)
    attempt.result = settled(bench.model.kind, DeviceError(DeviceErrorCode.RESTARTED))
    trial.attempts.append(attempt)
    victim = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "devices.conformance.victim", bench.model.name, port, str(at)],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE,
    )  # fmt: skip
    assert victim.stdout is not None
    said = victim.stdout.readline()
    victim.kill()
    victim.wait()
    victim.stdout.close()
    if not said.startswith(b"sent"):
        trial.findings.append(f"the other process did not come that far: {said!r}")
    bench.hire()


def two_desks(plan: Plan) -> Iterator[Variant]:
    yield Variant("a second desk", _two_desks)


def _two_desks(trial: Trial) -> None:
    """The second desk is told who holds the port, sends nothing, and takes over once the first has gone."""
    bench = trial.bench
    first = bench.worker, bench.driver, bench.link
    line = bench.open_line()
    try:
        line.open()
        line.close()
        trial.findings.append("two desks hold one port")
    except LinkBusy:
        pass
    trial.attempt()
    if first != (bench.worker, bench.driver, bench.link):
        trial.findings.append("the second desk disturbed the first")
    bench.kill_desk()


SCENARIOS: dict[str, Callable[[Plan], Iterator[Variant]]] = {
    "F1": noise, "F2": flips, "F3": cut_short, "F4": wrong_check, "F5": doubled_answer, "F6": doubled_command,
    "F7": late, "F8": stall, "F9": slow, "F10": cuts, "F11": replug, "F12": wrong_machine, "F13": other_number,
    "F14": restart, "F15": held, "F16": storm, "F17": busy, "F18": line_held, "F19": wrong_settings, "F20": hands,
    "F21": book_end, "F22": unknown_status, "F23": extra_bytes, "F24": echo, "F25": clock, "F26": killed,
    "F27": two_desks,
}  # fmt: skip
