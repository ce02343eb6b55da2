"""``devices record MODEL --port P --out FILE``: a session with a real machine as a masked recording, and a pytest file
beside it that replays it.

Asks who the machine is and how it is until Ctrl-C or ``--seconds``; acts only with ``--with-effects``. What is printed
or numbered is masked before anything is written; a protocol that cannot be masked is refused before the port is opened.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import time
from pathlib import Path

from devices.errors import LinkLost
from devices.link.trace import TraceLink
from devices.masking import NotMasked, masks_for
from devices.record import Recorder, Recording, read, replay, replay_test, write
from devices.registry import Manifest
from devices.self_test import EFFECT_SECONDS
from devices.single_machine import Machine, driver_of
from ui.command_line.devices_actions.common import FAILED, OK, add_port, answer, link_to, model_named, opened
from ui.command_line.unusable import unusable

BETWEEN_SECONDS = 0.1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL --port P --out FILE [--seconds N] [--with-effects] [--json]``."""
    add_port(parser)
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="such as captures/counter.json"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        metavar="N",
        help="how long to look at its status then (default: until Ctrl-C)",
    )
    parser.add_argument(
        "--with-effects", action="store_true", help="also print, count or look at a note, once"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 recorded and it replays, 1 recorded but the replay differs, 2 nothing was recorded."""
    out: Path = arguments.out
    model = model_named(arguments.model)
    if isinstance(model, str):
        return unusable(model, arguments.json)
    stop = _unwritable(out) or _unmasked(model)
    link = stop or link_to(model, arguments.port)
    if isinstance(link, str):
        return unusable(link, arguments.json)
    recorder = Recorder(time.monotonic)
    machine = opened(model, TraceLink(link, recorder.hear, time.monotonic), arguments)
    if isinstance(machine, str):
        return unusable(machine, arguments.json)
    if not arguments.json:
        print("recording; Ctrl-C ends it", file=sys.stderr)
    try:
        lost = _session(machine, recorder, arguments.seconds, arguments.with_effects)
    finally:
        machine.close()
    return _finish(arguments, recorder.recording(model.name, model.protocol, machine.driver), lost)


def _unmasked(model: Manifest) -> str:
    """Known before the port is opened."""
    found = masks_for(model.protocol, driver_of(model, time.monotonic))
    return str(found) if isinstance(found, NotMasked) else ""


def _unwritable(out: Path) -> str:
    """Looked at before the machine is asked anything."""
    if out.exists():
        return f"{out} is there already: name another file"
    if not out.parent.is_dir():
        return f"there is no folder {out.parent}: make it, or name another"
    return ""


def _session(machine: Machine, recorder: Recorder, seconds: float | None, with_effects: bool) -> str:
    """Ask until time is up; what ended it too early, or ""."""
    acts = ["identify", *(["effect"] if with_effects else [])]
    with contextlib.suppress(KeyboardInterrupt):
        try:
            for name in acts:
                machine.link.extend(2 * EFFECT_SECONDS)
                recorder.call(name, machine.driver)
            until = None if seconds is None else time.monotonic() + seconds
            while until is None or time.monotonic() < until:
                machine.link.extend(EFFECT_SECONDS)
                recorder.call("status", machine.driver)
                time.sleep(BETWEEN_SECONDS)
        except LinkLost as lost:
            return str(lost)
    return ""


def _finish(arguments: argparse.Namespace, recording: Recording, lost: str) -> int:
    out: Path = arguments.out
    test = out.with_name(f"test_{re.sub(r'[^a-z0-9]+', '_', out.stem.lower())}.py")
    text = write(recording)
    try:
        out.write_text(text, encoding="utf-8")
        test.write_text(replay_test(recording, out), encoding="utf-8")
    except OSError as error:
        return unusable(f"{out} cannot be written: {error.strerror}", arguments.json)
    differences = replay(read(text))
    value = {
        "recording": str(out), "test": str(test), "events": len(recording.events), "replays": not differences,
        "differences": differences, "lost": lost,
    }  # fmt: skip
    lines = [f"{out}: {len(recording.events)} events, masked", f"{test}: replays it"]
    lines += [f"the line was lost: {lost}"] if lost else []
    lines += [f"THE REPLAY DIFFERS: {one}" for one in differences]
    answer(arguments.json, value, lines)
    return FAILED if differences or lost else OK
