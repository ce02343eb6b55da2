"""Reading a scan or photo safely: bytes that a stranger may have made become clean pixels, or a reason why not.

What is kept is made anew: upright, opaque, PNG, without camera, place, time or comment. May run on any thread, and with
a large picture should not run on the window's. Never raises for what a file holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from ui.texts import Texts
from ui.widgets.picture_headers import Kind, is_moving, is_whole, kind_of, pixels_only

MOST_BYTES = 24 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""An A4 sheet at 600 dots an inch has 35 million."""
MOST_SIDE = 20_000
LEAST_SIDE = 16
KEPT_SIDE = 4096
"""The longer side of what is kept; larger pictures are made smaller."""


class Problem(Enum):
    """Why a file is not taken; each has its sentence and what to do next."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy"
    FOREIGN = "foreign"
    MOVING = "moving"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PictureRefused:
    """A picture that is not taken, and the measure it failed by."""

    problem: Problem
    found: int = 0
    most: int = 0

    def words(self, texts: Texts) -> tuple[str, str]:
        """What was found, and what to do next."""
        key = f"picture.refused.{self.problem.value}"
        sentence = (texts.find(key) or key).format(found=f"{self.found:,}", most=f"{self.most:,}")
        return sentence, texts(f"picture.refused.{self.problem.value}_next")


@dataclass(frozen=True)
class ReadPicture:
    """Clean pixels as PNG, their size, and the digest of these bytes. ``reduced``: kept smaller than it came."""

    png: bytes
    width: int
    height: int
    sha256: str
    reduced: bool = False

    def image(self) -> QImage:
        """Decoded again for showing."""
        return QImage.fromData(self.png)


def read_picture_file(path: Path) -> ReadPicture | PictureRefused:
    """The picture in a file; one too heavy is not even opened."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return _too_heavy(size)
        return read_picture(path.read_bytes())
    except OSError:
        return PictureRefused(Problem.UNREADABLE)


def read_picture(data: bytes) -> ReadPicture | PictureRefused:
    """Only PNG, JPEG, BMP and TIFF, each by its own decoder, after its size is known to be bearable."""
    if not data:
        return PictureRefused(Problem.EMPTY)
    if len(data) > MOST_BYTES:
        return _too_heavy(len(data))
    kind = kind_of(data)
    if kind is None or kind.value not in _decoders():
        return PictureRefused(Problem.FOREIGN)
    if is_moving(kind, data):
        return PictureRefused(Problem.MOVING)
    if not is_whole(kind, data):
        return PictureRefused(Problem.DAMAGED)
    buffer = QBuffer()  # held here, since a decoder that ends after its bytes brings the window down
    buffer.setData(QByteArray(pixels_only(kind, data)))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return _decoded(kind, buffer)


def _too_heavy(size: int) -> PictureRefused:
    mebibyte = 1024 * 1024
    return PictureRefused(Problem.TOO_HEAVY, -(-size // mebibyte), MOST_BYTES // mebibyte)


def _decoders() -> set[str]:
    return {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}


def _decoded(kind: Kind, buffer: QBuffer) -> ReadPicture | PictureRefused:
    reader = QImageReader(buffer, QByteArray(kind.value.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)  # upright, as the camera says it was held
    if reader.imageCount() > 1:  # asked first: a TIFF's pages are counted from the start of its bytes only
        return PictureRefused(Problem.MOVING)
    size = reader.size()
    problem = _size_problem(size)
    if problem is not None:
        return problem
    if kind is Kind.JPEG and max(size.width(), size.height()) > KEPT_SIDE:
        reader.setScaledSize(_kept_size(size))  # its decoder makes a small one faster than a large one
    image = reader.read()
    if image.isNull():
        return PictureRefused(Problem.DAMAGED)
    return _stored(image, reduced=max(size.width(), size.height()) > KEPT_SIDE)


def _size_problem(size: QSize) -> PictureRefused | None:
    """What is wrong with the size the header states."""
    if not size.isValid():
        return PictureRefused(Problem.DAMAGED)
    if size.width() * size.height() > MOST_PIXELS or max(size.width(), size.height()) > MOST_SIDE:
        return PictureRefused(Problem.TOO_LARGE, size.width() * size.height(), MOST_PIXELS)
    if min(size.width(), size.height()) < LEAST_SIDE:
        return PictureRefused(Problem.TOO_SMALL, min(size.width(), size.height()), LEAST_SIDE)
    return None


def _kept_size(size: QSize) -> QSize:
    if max(size.width(), size.height()) <= KEPT_SIDE:
        return size
    return size.scaled(KEPT_SIDE, KEPT_SIDE, Qt.AspectRatioMode.KeepAspectRatio)


def _stored(image: QImage, reduced: bool) -> ReadPicture | PictureRefused:
    """Fresh pixels on white: nothing but colours goes over from what was read."""
    kept = _kept_size(image.size())
    if kept != image.size():
        image = image.scaled(
            kept, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    fresh = QImage(kept, QImage.Format.Format_RGB32)
    if fresh.isNull():
        return PictureRefused(Problem.DAMAGED)
    fresh.fill(Qt.GlobalColor.white)
    image.setDevicePixelRatio(1)
    painter = QPainter(fresh)
    painter.drawImage(0, 0, image)
    painter.end()
    png = encoded(fresh)
    return ReadPicture(png, kept.width(), kept.height(), hashlib.sha256(png).hexdigest(), reduced)


def encoded(image: QImage) -> bytes:
    """PNG bytes of a picture."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
