"""Runs one simulated machine behind a pty or a TCP port until its lifeline goes.

The port is published in ``DIR/<kind>.json``. What a person's hands do (insert a book, load notes) comes as JSON lines
on stdin and is answered on stdout; the end of stdin is the end of the simulator. ``{"do": "unplug"}`` and ``{"do":
"plug"}`` are for the cable of any machine: meanwhile it goes on by itself, and comes back at a port of another name.
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
    cable = Cable(kind, directory, tcp or not hasattr(os, "openpty"))
    cable.plug()
    hands = Hands(simulator, cable)
    try:
        while not hands.ended:
            _turn(simulator, cable, hands)
    finally:
        cable.unplug()


class Cable:
    """The cable to the desk. ``line`` is None while it is unplugged: what the machine says then is lost. ``unplug``
    with ``after_bytes`` lets so many more bytes through to the machine first."""

    def __init__(self, kind: str, directory: Path, tcp: bool) -> None:
        self._kind, self._tcp = kind, tcp
        self._target = directory / f"{kind}.json"
        self._part = directory / f".{kind}.{os.getpid()}"
        self._published: dict[str, Any] = {}
        self.line: Line | None = None
        self._left: int | None = None

    def plug(self) -> None:
        """Into a port whose name is not the one before: nobody promised the old one."""
        if self.line is not None:
            return
        before = self._published.get("port")
        passed: list[Line] = []
        line = self._open()
        while line.port == before:
            passed.append(line)
            line = self._open()
        for one in passed:
            one.close()
        self.line, self._left = line, None
        self._published = {"kind": self._kind, "port": line.port, "process": os.getpid()}
        self._part.write_text(json.dumps(self._published), encoding="utf-8")
        self._part.replace(self._target)

    def _open(self) -> Line:
        return TcpLine() if self._tcp else PtyLine()

    def unplug(self) -> None:
        """The port goes, and its name with it; another machine's that took the name meanwhile stays."""
        if self.line is None:
            return
        if self._target.exists() and json.loads(self._target.read_text(encoding="utf-8")) == self._published:
            self._target.unlink()
        self.line.close()
        self.line = None

    def let_through(self, data: bytes) -> bytes:
        """What of the desk's bytes still reaches the machine."""
        if self._left is None:
            return data
        data, self._left = data[: self._left], max(0, self._left - len(data))
        if not self._left:
            self.unplug()
        return data

    def hands(self, command: dict[str, Any]) -> dict[str, Any] | None:
        """What a person does to the cable; None for anything else."""
        if command.get("do") == "unplug" and "after_bytes" in command:
            self._left = int(command["after_bytes"])
        elif command.get("do") == "unplug":
            self.unplug()
        elif command.get("do") == "plug":
            self.plug()
        else:
            return None
        return {"port": self.line.port if self.line is not None else ""}


class Hands:
    """Reads commands from stdin without blocking the machine."""

    def __init__(self, simulator: Simulator, cable: Cable) -> None:
        self._simulator, self._cable = simulator, cable
        self._buffer = b""
        self.ended = False

    def fileno(self) -> int:
        return sys.stdin.fileno()

    def read(self) -> None:
        data = os.read(self.fileno(), 65536)
        self.ended = not data
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            command = json.loads(line)
            answer = self._cable.hands(command) or self._simulator.hands(command)
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()


def _turn(simulator: Simulator, cable: Cable, hands: Hands) -> None:
    now, line = time.monotonic(), cable.line
    said = simulator.pending(now)
    if line is not None:
        line.send(said)
    due = simulator.next_due(now)
    timeout = 0.5 if due is None else max(0.0, min(0.5, due - now))
    sources: list[Any] = [hands, *(line.sources() if line is not None else ())]
    sinks = line.sinks() if line is not None else []
    ready, _, _ = select.select(sources, sinks, [], timeout)
    for source in ready:
        if source is hands:
            hands.read()
        elif line is not None and line is cable.line:
            data = cable.let_through(line.receive(source))
            if data:
                simulator.receive(data, time.monotonic())
