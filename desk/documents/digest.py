"""The digest by which a record names the paper that was made: SHA-256 over one canonical JSON text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from desk.documents.document import Document


def canonical(document: Document) -> bytes:
    """The document as JSON with sorted keys and no blanks, each block with its kind: equal papers, equal bytes."""
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8"
    )


def digest_of(document: Document, salt: str = "") -> str:
    """SHA-256 in hex. What goes into chained bytes takes a random ``salt`` kept beside the sealed personal record, so
    that nobody can guess a name or an ID number from it; without salt it is the code printed on the paper itself."""
    return hashlib.sha256(salt.encode("utf-8") + canonical(document)).hexdigest()


def check_code(document: Document) -> str:
    """The digest's beginning in groups, as the paper's foot shows it: ``3f2a 90c1 77de 0b42``."""
    digest = digest_of(document)
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if is_dataclass(value):
        told = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__, **told}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
