"""A proposal, from brightness and colour alone, which cells of a note are missing: a help for the eye, never a measure
(counter-rules §6.15: software may compute the area as help only).

Pure: a picture and a template in, cells out. A ground it cannot tell from paper gives no proposal.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF, QTransform

from ui.models.note_cells import Cell
from ui.models.note_frame import NoteFrame
from ui.widgets.picture_levels import PictureLevels

SAMPLES = 4
"""Points a cell is looked at across and down."""
OUTSIDE = 1.08
NEAR_GROUND = 44
UNEVEN = 60


def cell_grid(columns: int, rows: int) -> QPolygonF:
    """The template's own corners in cells."""
    return QPolygonF([QPointF(0, 0), QPointF(columns, 0), QPointF(columns, rows), QPointF(0, rows)])


def way_to(frame: NoteFrame, columns: int, rows: int) -> QTransform:
    """From cells to the picture, by perspective."""
    corners = QPolygonF([QPointF(x, y) for x, y in frame.corners])
    way = QTransform.quadToQuad(cell_grid(columns, rows), corners)
    return way if isinstance(way, QTransform) else QTransform()


def proposed_missing(
    picture: PictureLevels, frame: NoteFrame, columns: int, rows: int
) -> frozenset[Cell] | None:
    """Cells that look like the ground around the note for the most part; None where the ground is uneven or unseen."""
    ground = _ground(picture.image, frame)
    if ground is None:
        return None
    return frozenset(_missing_in(_flattened(picture, frame, columns, rows), columns, ground))


def _missing_in(flat: QImage, columns: int, ground: QColor) -> Iterator[Cell]:
    """Cells of which half or more look like the ground. Rows of bytes, since a call a point takes too long."""
    light = (ground.blue(), ground.green(), ground.red())
    wide, data = flat.width() * 4, bytes(flat.constBits())
    for row in range(flat.height() // SAMPLES):
        counts = [0] * columns
        for line in range(row * SAMPLES, (row + 1) * SAMPLES):
            start = line * wide
            points = zip(*(data[start + part : start + wide : 4] for part in range(3)), strict=True)
            for at, point in enumerate(points):
                counts[at // SAMPLES] += all(
                    abs(one - two) <= NEAR_GROUND for one, two in zip(point, light, strict=True)
                )
        yield from ((row, column) for column, n in enumerate(counts) if n * 2 >= SAMPLES * SAMPLES)


def _flattened(picture: PictureLevels, frame: NoteFrame, columns: int, rows: int) -> QImage:
    """The note laid straight, a few points a cell."""
    flat = QImage(columns * SAMPLES, rows * SAMPLES, QImage.Format.Format_RGB32)
    flat.fill(QColor("white"))
    back, _ = way_to(frame, columns, rows).inverted()
    painter = QPainter(flat)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(back * QTransform.fromScale(SAMPLES, SAMPLES))
    coarse = picture.at_most(flat.width() * 2)
    whole = QRectF(0, 0, picture.size.width(), picture.size.height())
    painter.drawImage(whole, coarse, QRectF(coarse.rect()))
    painter.end()
    return flat


def _ground(image: QImage, frame: NoteFrame) -> QColor | None:
    """The colour just outside the template, where it is one colour."""
    outer = frame.sized(OUTSIDE).corners
    points = [
        (a[0] + (b[0] - a[0]) * part / 24, a[1] + (b[1] - a[1]) * part / 24)
        for a, b in zip(outer, (*outer[1:], outer[0]), strict=True)
        for part in range(24)
    ]
    seen = [image.pixelColor(int(x), int(y)) for x, y in points if image.rect().contains(int(x), int(y))]
    if len(seen) < len(points) // 3:
        return None
    half = len(seen) // 2
    middle = QColor(
        sorted(one.red() for one in seen)[half],
        sorted(one.green() for one in seen)[half],
        sorted(one.blue() for one in seen)[half],
    )
    near = sum(_apart(one, middle) <= UNEVEN for one in seen)
    return middle if near * 5 >= len(seen) * 4 else None


def _apart(first: QColor, second: QColor) -> int:
    """How far two colours are from each other: their widest channel."""
    return max(
        abs(first.red() - second.red()),
        abs(first.green() - second.green()),
        abs(first.blue() - second.blue()),
    )
