"""Whose money it was: a person, or an entity and the person who came for it. Names are whole on the holder's own paper.

Source: counter-rules §3.3 (contact optional, everything else due).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.documents.document import same
from desk.documents.floors import ENTITY, INDIVIDUAL
from desk.documents.form import DocumentForm
from desk.domain.procedure_kinds import Text


@dataclass(frozen=True)
class Individual:
    """A person; ``id_kind`` is a code of the form's words (resident_id, passport …)."""

    name: str
    id_kind: str
    id_number: str
    contact: str = ""


@dataclass(frozen=True)
class Entity:
    """An entity, and its agent at the counter."""

    name: str
    agent_name: str
    agent_id_kind: str
    agent_id_number: str
    agent_contact: str = ""


Holder = Individual | Entity


def holder_flag(holder: Holder) -> str:
    """The flag under which this holder's fields stand on a form."""
    return INDIVIDUAL if isinstance(holder, Individual) else ENTITY


def holder_values(form: DocumentForm, holder: Holder) -> Mapping[str, Text] | None:
    """The holder's fields; None for a kind of ID that the form does not know."""
    kind = form.known("holder_kind", holder_flag(holder))
    code = holder.id_kind if isinstance(holder, Individual) else holder.agent_id_kind
    id_kind = form.word("id_kind", code) if code else Text("", "")
    if id_kind is None:
        return None
    if isinstance(holder, Individual):
        return {
            "holder_kind": kind,
            "holder_name": same(holder.name),
            "contact": same(holder.contact),
            "id_kind": id_kind,
            "id_number": same(holder.id_number),
        }
    return {
        "holder_kind": kind,
        "entity_name": same(holder.name),
        "agent_name": same(holder.agent_name),
        "agent_contact": same(holder.agent_contact),
        "agent_id_kind": id_kind,
        "agent_id_number": same(holder.agent_id_number),
    }
