"""Runs one simulated machine behind a pty or a TCP port until its lifeline goes.

The port is published in ``DIR/<kind>.json``. What a person's hands do (insert a book, load notes) comes as JSON lines
on stdin and is answered on stdout; the end of stdin is the end of the simulator.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from pathlib import Path
from typing import Any, Protocol

from devices.simulators.line import Line, PtyLine, TcpLine


class Simulator(Protocol):
    """A machine's behaviour, without lines and processes. Time comes in as monotonic seconds."""

    def receive(self, data: bytes, now: float) -> None:
        """Bytes from the host."""
        ...

    def pending(self, now: float) -> bytes:
        """Bytes the machine sends now."""
        ...

    def next_due(self, now: float) -> float | None:
        """When the machine will act by itself; None when it waits for bytes or hands."""
        ...

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        """What a person does to the machine."""
        ...


def serve(simulator: Simulator, kind: str, directory: Path, tcp: bool) -> None:
    """Serve until stdin ends."""
    line: Line = TcpLine() if tcp or not hasattr(os, "openpty") else PtyLine()
    published = {"kind": kind, "port": line.port, "process": os.getpid()}
    target = directory / f"{kind}.json"
    part = directory / f".{kind}.{os.getpid()}"
    part.write_text(json.dumps(published), encoding="utf-8")
    part.replace(target)
    hands = Hands(simulator)
    try:
        while not hands.ended:
            _turn(simulator, line, hands)
    finally:
        line.close()
        if target.exists() and json.loads(target.read_text(encoding="utf-8")) == published:
            target.unlink()


class Hands:
    """Reads commands from stdin without blocking the machine."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._buffer = b""
        self.ended = False

    def fileno(self) -> int:
        return sys.stdin.fileno()

    def read(self) -> None:
        data = os.read(self.fileno(), 65536)
        self.ended = not data
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            answer = self._simulator.hands(json.loads(line))
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()


def _turn(simulator: Simulator, line: Line, hands: Hands) -> None:
    now = time.monotonic()
    line.send(simulator.pending(now))
    due = simulator.next_due(now)
    timeout = 0.5 if due is None else max(0.0, min(0.5, due - now))
    sources: list[Any] = [hands, *line.sources()]
    sinks = line.sinks()
    ready, _, _ = select.select(sources, sinks, [], timeout)
    for source in ready:
        if source is hands:
            hands.read()
        else:
            data = line.receive(source)
            if data:
                simulator.receive(data, time.monotonic())
