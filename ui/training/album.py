"""Pictures of the windows: grabbed on the GUI thread, encoded and written off it."""

from __future__ import annotations

from pathlib import Path
from queue import Queue
from threading import Thread

from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

LAYOUT_LEVELS = 8


class Album:
    """``take`` numbers its pictures in order; ``finish`` waits for the last file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._paths: list[Path] = []
        self._waiting: Queue[tuple[QImage, Path] | None] = Queue()
        self._number = len(list(folder.glob("*.png")))
        self._thread = Thread(target=self._write, name="album", daemon=True)
        self._thread.start()

    def take(self, widget: QWidget, name: str) -> None:
        """A picture of ``widget`` as it is drawn now, at its device pixel ratio."""
        self._number += 1
        path = self._folder / f"{self._number:02d}-{name}.png"
        self._paths.append(path)
        for _ in range(LAYOUT_LEVELS):  # a page that passes by is laid out first, outwards from what changed
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._waiting.put((widget.grab().toImage(), path))

    def finish(self) -> tuple[Path, ...]:
        """Every picture of this folder, older runs' included, once all are on disk."""
        self._waiting.put(None)
        self._thread.join()
        return tuple(sorted(self._folder.glob("*.png")))

    def _write(self) -> None:
        while (one := self._waiting.get()) is not None:
            image, path = one
            image.save(str(path), "PNG", 90)  # type: ignore[call-overload]
