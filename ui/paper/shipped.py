"""The forms under ``resources/documents``, read once. Free of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desk.documents.form import DocumentForm, FormFlaw
from desk.documents.form_reading import load_form
from ui.paper.marks import FOLDER, MARKS


def load_forms(folder: Path = FOLDER) -> Mapping[str, DocumentForm] | FormFlaw:
    """Every form by its name, or the first flaw: a bad file stops a desk at start, by name and place."""
    forms: dict[str, DocumentForm] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == MARKS:
            continue
        form = load_form(path.read_text(encoding="utf-8"), path.name)
        if isinstance(form, FormFlaw):
            return form
        if form.form in forms:
            return FormFlaw(path.name, "form", f"{form.form}: there twice")
        forms[form.form] = form
    return forms
