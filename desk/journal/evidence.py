"""Evidence: one transaction's entries with everything an offline reader needs to prove them, in one JSON file.

The exact bytes of every entry from the seal before the transaction to the seal after it, those two digests and the
seals over them, and the certificates and enrolments the signatures rest on. Holds no personal data unless the caller
adds it; pure, no files and no SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.chain import is_sealed, link
from desk.journal.codec import BodyError, decode
from desk.journal.entry import Recorded
from desk.journal.keys import canonical, is_signed_by
from desk.journal.record_rules import RecordRules, VerdictDigest
from desk.journal.trust import Trust
from desk.journal.verify import BadEntry, Reason, Walk, roster

EVIDENCE_VERSION = 1


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Consecutive entries: the digest (hex) before the first, each one's exact bytes as text, and the desk's seal
    (hex) over the last; "" where nothing is sealed yet."""

    first: int
    before: str
    bodies: tuple[str, ...]
    seal: str


class Personal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A personal record in the clear, when the exporter chose to add it: salt and bytes in hex."""

    record_id: str
    salted: str


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``own`` holds the desk's and the people's enrolments, each in a sealed segment of its own."""

    v: int
    desk: str
    transaction: str
    segments: tuple[Segment, ...]
    personal: tuple[Personal, ...] = ()
