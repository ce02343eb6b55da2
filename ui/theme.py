"""Colours, sizes and the style sheet: one table of tokens, three schemes that use the same names.

Source: design/README.md. Contrast of ink on surface is at least 7, of second ink at least 4.5 in every scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from ui.fonts import family

STYLE = Path(__file__).parents[1] / "resources" / "style.qss"

LIGHT: Mapping[str, str] = {
    "background": "#F4F5F2", "surface": "#FFFFFF", "side": "#FBFBF9", "line": "#DDE2DD", "ink": "#1C2421",
    "second": "#5B6762", "accent": "#0B6B57", "accent_soft": "#E3F1ED", "accent_off": "#A9B8B2",
    "ok": "#1B7F4B", "ok_soft": "#E4F4EA", "warn": "#9A5B00", "warn_soft": "#FFF3DC",
    "bad": "#B3261E", "bad_soft": "#FCE8E6", "bar_teller": "#10332B", "bar_reviewer": "#2B2440",
    "bar_training": "#7A4B00", "on_bar": "#FFFFFF", "ready": "#3CCB7F", "busy": "#FFC445", "person": "#FF7A70",
}  # fmt: skip
DARK: Mapping[str, str] = {
    **LIGHT,
    "background": "#151A18", "surface": "#1E2522", "side": "#191F1D", "line": "#37423D", "ink": "#F0F4F2",
    "second": "#AAB8B2", "accent": "#5CC9AE", "accent_soft": "#1F3B34", "accent_off": "#44504B",
    "ok": "#63D296", "ok_soft": "#173525", "warn": "#F0B65A", "warn_soft": "#3A2C12",
    "bad": "#FF8A80", "bad_soft": "#40201D",
}  # fmt: skip
CONTRAST: Mapping[str, str] = {
    **LIGHT,
    "background": "#FFFFFF", "side": "#FFFFFF", "line": "#000000", "ink": "#000000", "second": "#000000",
    "accent": "#004D3D", "accent_off": "#595959", "ok": "#005A2B", "warn": "#6B3F00", "bad": "#8C0F08",
}  # fmt: skip
SCHEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}

TITLE_PIXELS, BODY_PIXELS, LABEL_PIXELS, AMOUNT_PIXELS = 23, 15, 13, 23


def base_font(pixels: int = BODY_PIXELS, bold: bool = False) -> QFont:
    """The product's font at a size in logical pixels; its figures are tabular and its zero is plain."""
    font = QFont(family())
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def apply_theme(app: QApplication, scheme: str = "light") -> None:
    """Set palette, font and style sheet of the whole application."""
    tokens = SCHEMES[scheme]
    app.setStyle("Fusion")
    palette = QPalette()
    for role, name in (
        (QPalette.ColorRole.Window, "background"),
        (QPalette.ColorRole.WindowText, "ink"),
        (QPalette.ColorRole.Base, "surface"),
        (QPalette.ColorRole.Text, "ink"),
        (QPalette.ColorRole.Button, "surface"),
        (QPalette.ColorRole.ButtonText, "ink"),
        (QPalette.ColorRole.Highlight, "accent"),
        (QPalette.ColorRole.PlaceholderText, "second"),
    ):
        palette.setColor(role, QColor(tokens[name]))
    app.setPalette(palette)
    app.setFont(base_font())
    app.setStyleSheet(Template(STYLE.read_text(encoding="utf-8")).substitute(tokens))
