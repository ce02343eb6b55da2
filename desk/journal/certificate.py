"""Certificates: bank root → branch → desks and persons. Canonical bytes and the issuer's Ed25519 signature.

A person's certificate is issued by a branch key whose own certificate is issued by the bank's root, so that
branch IT cannot mint a signer. Holds no store of keys; what is revoked stands in the journal.
"""

from __future__ import annotations

import base64
import binascii
from enum import Enum
from functools import lru_cache

import msgspec

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.keys import SigningKey, canonical, fingerprint, is_signed_by

CERTIFICATE_TAG = b"teller-desk/certificate/v1\0"


class CertificateKind(Enum):
    """What a certificate's key may do: issue for a branch, seal a desk's chain, sign as a person, or sign rule
    packs for the bank."""

    BRANCH = "branch"
    DESK = "desk"
    PERSON = "person"
    RULES = "rules"


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an issuer signed. ``subject`` is a branch code, a desk's label or a staff number; ``public_key``
    hex; ``valid_from`` and ``valid_to`` are dates "YYYY-MM-DD", both inclusive; ``issuer`` is the
    fingerprint of the key that signed."""

    v: int
    kind: CertificateKind
    subject: str
    branch: str
    public_key: str
    serial: str
    valid_from: str
    valid_to: str
    issuer: str
    roles: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()

    @property
    def key_id(self) -> str:
        return fingerprint(bytes.fromhex(self.public_key))

    @property
    def key(self) -> bytes:
        """The raw public key."""
        return bytes.fromhex(self.public_key)


def issue(
    kind: CertificateKind,
    subject: str,
    branch: str,
    public_key: bytes,
    issuer: SigningKey,
    *,
    serial: str,
    valid_from: str,
    valid_to: str,
    roles: tuple[str, ...] = (),
    qualifications: tuple[str, ...] = (),
) -> str:
    """A certificate as text: base64 of its bytes, a dot, base64 of the issuer's signature."""
    body = canonical(
        Certificate(
            1, kind, subject, branch, public_key.hex(), serial, valid_from, valid_to, issuer.key_id,
            roles, qualifications,
        )
    )  # fmt: skip
    return (
        f"{base64.b64encode(body).decode()}.{base64.b64encode(issuer.sign(CERTIFICATE_TAG + body)).decode()}"
    )


def _parts(text: str) -> tuple[bytes, bytes] | None:
    try:
        body, signature = (base64.b64decode(part, validate=True) for part in text.split("."))
    except (ValueError, binascii.Error):
        return None
    return body, signature


def read(text: str) -> Certificate | None:
    """What the certificate says, unproved; None when it is no certificate at all."""
    parts = _parts(text)
    if parts is None:
        return None
    try:
        found = msgspec.json.decode(parts[0], type=Certificate)
        key = bytes.fromhex(found.public_key)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return None
    return found if len(key) == 32 and canonical(found) == parts[0] else None


@lru_cache(maxsize=4096)
def check(text: str, issuer_public_key: bytes, kind: CertificateKind, on: str = "") -> Certificate | Refusal:
    """The certificate, proved: of this kind, signed by this issuer, valid on the date ``on`` when one is
    given.

    STATEMENT_FORGED when it is not this issuer's, NOT_ENROLLED when it is of another kind or out of its
    dates.
    """
    parts, found = _parts(text), read(text)
    if parts is None or found is None:
        return refuse(RefusalCode.STATEMENT_FORGED, reason="certificate unreadable")
    if not is_signed_by(issuer_public_key, parts[1], CERTIFICATE_TAG + parts[0]):
        return refuse(
            RefusalCode.STATEMENT_FORGED, reason="certificate not by its issuer", subject=found.subject
        )
    if found.kind is not kind:
        return refuse(RefusalCode.NOT_ENROLLED, reason=f"certificate of a {found.kind.value}")
    if on and not found.valid_from <= on[:10] <= found.valid_to:
        return refuse(RefusalCode.NOT_ENROLLED, reason="certificate out of its dates", subject=found.subject)
    return found


def check_under(
    text: str, root: bytes, branch_text: str, kind: CertificateKind, on: str = ""
) -> Certificate | Refusal:
    """A desk's or person's certificate proved up to the bank's root, through its branch's certificate. With
    no root (b"") the branch is taken at its word: the caller must say that nothing vouches for it."""
    branch = check(branch_text, root, CertificateKind.BRANCH, on) if root else read(branch_text)
    if branch is None or isinstance(branch, Refusal):
        return branch or refuse(RefusalCode.STATEMENT_FORGED, reason="branch certificate unreadable")
    found = check(text, branch.key, kind, on)
    if isinstance(found, Refusal) or found.branch == branch.subject:
        return found
    return refuse(RefusalCode.NOT_ENROLLED, reason="certificate of another branch", subject=found.subject)
