"""Starts a simulator in its own process and is the hands of the person beside it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

START_SECONDS = 15.0


class SimulatorProcess:
    """One running simulator; ``port`` is what a desk would be told by branch IT."""

    def __init__(
        self, kind: str, directory: Path, tcp: bool = False, options: Mapping[str, str] | None = None
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        found = directory / f"{kind}.json"
        found.unlink(missing_ok=True)
        command = [sys.executable, "-m", "devices.simulators", kind, "--directory", str(directory)]
        command += ["--tcp"] if tcp else []
        for name, value in (options or {}).items():
            command += ["--option", f"{name}={value}"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self._lock = threading.Lock()
        self.port = self._wait_for(found)

    def _wait_for(self, found: Path) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if found.exists():
                return str(json.loads(found.read_text(encoding="utf-8"))["port"])
            if self._process.poll() is not None:
                self.kill()
                raise RuntimeError(f"simulator ended with {self._process.returncode}")
            time.sleep(0.01)
        self.kill()
        raise RuntimeError("simulator did not start")

    def hands(self, **command: Any) -> dict[str, Any]:
        """Do something to the machine and wait for its answer."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """Let go of the lifeline and wait."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(3)
        self.kill()

    def kill(self) -> None:
        """Pull the plug; may be called twice."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> SimulatorProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
