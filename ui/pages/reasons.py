"""The desk's ready reasons as overlays: keys of ``reason.*`` in, the sentence the record keeps out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desk.domain.procedure_kinds import Text
from ui.pages.dialogs.reason_picker import ReasonPicker
from ui.texts import Texts


def picker(texts: Texts, title: str, keys: Sequence[str], then: Callable[[str], None]) -> ReasonPicker:
    """A picker of catalogue reasons; ``then`` gets the chosen sentence in the language now shown."""
    made = ReasonPicker(texts, lambda: texts(title), lambda: [texts(f"reason.{key}") for key in keys])
    made.chosen.connect(lambda at: then(texts(f"reason.{keys[at]}")))
    return made


def text_picker(
    texts: Texts, title: str, reasons: Sequence[Text], then: Callable[[str], None]
) -> ReasonPicker:
    """A picker of the procedure's own bilingual reasons."""
    made = ReasonPicker(texts, lambda: texts(title), lambda: [texts.of(one) for one in reasons])
    made.chosen.connect(lambda at: then(texts.of(reasons[at])))
    return made
