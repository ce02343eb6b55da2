"""Pictures for the picture widgets, drawn here: a voucher with two seals, a reserved specimen, a torn note.

All fictional. The note is a plain drawing marked 样张 SPECIMEN and reproduces no money; the seals belong to nobody.
"""

from __future__ import annotations

from math import cos, radians, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from ui.models.note_frame import NoteFrame
from ui.models.picture_view import Region
from ui.theme import base_font
from ui.widgets.picture_levels import PictureLevels
from ui.widgets.scan_view import Sheet

SEAL_RED = QColor("#C8281E")
WIDE, TALL = 1720, 800
SEAL_PLACE = (1210, 560)
REGIONS = (
    ("date", Region(520, 110, 980, 215)),
    ("payee", Region(60, 225, 620, 345)),
    ("amount", Region(60, 345, 985, 520)),
    ("seal", Region(575, 450, 985, 960)),
)
NOTE_WIDE, NOTE_TALL = 1240, 620
NOTE_FRAME = NoteFrame(((133.0, 104.0), (1370.0, 147.0), (1349.0, 766.0), (111.0, 723.0)))
"""Where the whole note lies on ``torn_note``."""


def _blank(wide: int, tall: int, ground: str) -> tuple[QImage, QPainter]:
    image = QImage(wide, tall, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return image, painter


def _write(painter: QPainter, x: float, y: float, text: str, pixels: int, ink: str = "#2B2A25") -> None:
    painter.setFont(base_font(pixels))
    painter.setPen(QColor(ink))
    painter.drawText(QPointF(x, y), text)


def round_seal(painter: QPainter, name: str = "城南示例商贸行", kind: str = "财务章") -> None:
    """A round seal around the painter's origin: two rings, a star, a name along the edge."""
    painter.setPen(QPen(SEAL_RED, 9))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(0, 0), 178, 178)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(SEAL_RED)
    star = [
        QPointF(r * sin(radians(36 * at)), -r * cos(radians(36 * at))) for at in range(10)
        for r in ((52,) if at % 2 == 0 else (20,))
    ]  # fmt: skip
    painter.drawPolygon(QPolygonF(star))
    painter.setFont(base_font(47, bold=True))
    painter.setPen(SEAL_RED)
    for at, char in enumerate(name):
        painter.save()
        painter.rotate(-105 + at * 210 / (len(name) - 1))
        painter.drawText(QRectF(-40, -168, 80, 66), Qt.AlignmentFlag.AlignCenter, char)
        painter.restore()
    painter.setFont(base_font(34, bold=True))
    painter.drawText(QRectF(-120, 76, 240, 60), Qt.AlignmentFlag.AlignCenter, kind)


def name_seal(painter: QPainter, name: str = "李示例印") -> None:
    """A square name seal around the origin."""
    painter.setPen(QPen(SEAL_RED, 6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(-66, -66, 132, 132))
    painter.setFont(base_font(54, bold=True))
    for at, char in enumerate(name):
        place = QRectF(0 if at < 2 else -62, -62 if at % 2 == 0 else 0, 62, 62)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, char)


def voucher_front() -> QImage:
    """A transfer voucher as a scanner sees it: cream paper, printed rules, written facts, two seals."""
    image, painter = _blank(WIDE, TALL, "#F6F1E4")
    painter.setPen(QPen(QColor("#B9AE90"), 2))
    painter.drawRect(40, 40, WIDE - 80, TALL - 80)
    for y in (190, 290, 390, 490):
        painter.drawLine(80, y, WIDE - 80, y)
    _write(painter, 560, 100, "城南支行　转账凭证（样张）", 42)
    _write(painter, 900, 165, "出票日期　贰零贰陆年壹拾壹月贰拾肆日", 34)
    _write(painter, 100, 265, "收款人　示例国际货运代理有限公司", 36)
    _write(painter, 100, 365, "大写　人民币贰万零贰佰伍拾元整", 38)
    _write(painter, 1250, 365, "¥20250.00", 44)
    _write(painter, 100, 465, "用途　运费", 34)
    _write(painter, 100, 580, "出票人签章", 30, "#6A6454")
    _write(painter, 100, 720, "样张　不作支付", 30, "#6A6454")
    painter.translate(*SEAL_PLACE)
    round_seal(painter)
    painter.translate(310, 60)
    name_seal(painter)
    painter.end()
    return image


def voucher_back() -> QImage:
    image, painter = _blank(WIDE, TALL, "#F6F1E4")
    painter.setPen(QPen(QColor("#B9AE90"), 2))
    painter.drawRect(40, 40, WIDE - 80, TALL - 80)
    painter.drawLine(WIDE // 2, 40, WIDE // 2, TALL - 40)
    _write(painter, 100, 130, "附加信息", 34)
    _write(painter, WIDE // 2 + 60, 130, "被背书人　（无）", 34)
    painter.end()
    return image


def sheets() -> tuple[Sheet, ...]:
    """Front and back of the voucher, with the parts a teller is asked about."""
    return (
        Sheet("front", PictureLevels(voucher_front()), REGIONS),
        Sheet("back", PictureLevels(voucher_back())),
    )


def voucher_seal(side: int = 460) -> QImage:
    """The round seal cut out of the voucher."""
    x, y = SEAL_PLACE
    return voucher_front().copy(x - side // 2, y - side // 2, side, side)


def specimen_seal(
    side: int = 460, right: float = 14, down: float = -9, degrees: float = -6.5, name: str = "城南示例商贸行"
) -> QImage:
    """The specimen as it was kept: on white, shifted and turned a little. ``name`` makes it another seal."""
    image, painter = _blank(side, side, "#FFFFFF")
    painter.translate(side / 2 + right, side / 2 + down)
    painter.rotate(degrees)
    round_seal(painter, name)
    painter.end()
    return image


def _note(painter: QPainter) -> None:
    """A drawing in two tones with a number nobody pays, plainly a specimen."""
    painter.fillRect(QRectF(0, 0, NOTE_WIDE, NOTE_TALL), QColor("#C9D8C4"))
    painter.setPen(QPen(QColor("#5C7A62"), 3))
    for at in range(12):
        painter.drawEllipse(QPointF(930, 310), 40 + at * 20, 30 + at * 17)
    for at in range(0, NOTE_WIDE, 62):
        painter.drawLine(at, 40, at + 31, NOTE_TALL - 40)
    painter.setPen(QColor("#35523C"))
    painter.setFont(base_font(150, bold=True))
    painter.drawText(QRectF(60, 120, 700, 200), Qt.AlignmentFlag.AlignLeft, "样张")
    painter.setFont(base_font(88, bold=True))
    painter.drawText(QRectF(60, 340, 800, 140), Qt.AlignmentFlag.AlignLeft, "SPECIMEN")
    painter.setPen(QPen(QColor("#35523C"), 6))
    painter.drawRect(18, 18, NOTE_WIDE - 36, NOTE_TALL - 36)


TORN = (
    (0, 0), (930, 0), (905, 70), (948, 130), (900, 190), (985, 260), (1060, 300), (1130, 285), (1240, 330), (1240, 620),
    (0, 620),
)  # fmt: skip
"""What is left of the note, in its own pixels: the top right is gone."""


def torn_note(ground: str = "#24282B") -> QImage:
    """The note on a dark plate, lying a little aslant, its top right corner torn off."""
    image, painter = _blank(1480, 870, ground)
    painter.translate(NOTE_FRAME.corners[0][0], NOTE_FRAME.corners[0][1])
    painter.rotate(2.0)
    painter.setClipRegion(QPolygonF([QPointF(*one) for one in TORN]).toPolygon())
    _note(painter)
    painter.end()
    return image
