"""Signed statements: what one person signs about one transaction, self-contained and placed in the chain.

A countersignature, a maker's signature, a verdict and the permission to print again are the same thing with
another act (DESIGN §5): domain tag, digest of the facts shown, role, nonce, language, template and the
signer's certificate. Local and remote are one.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import msgspec

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.keys import SigningKey, canonical, is_signed_by
from desk.journal.trust import Trust

STATEMENT_TAG = "teller-desk/statement/v1"


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signed content. ``digest`` (hex) is that of the exact bytes shown; ``certificate`` the signer's
    text; ``utc`` when it was signed, by the signer's clock."""

    tag: str
    transaction: str
    digest: str
    role: str
    act: str
    nonce: str
    staff_no: str
    certificate: str
    language: str
    template: str
    utc: str


@dataclass(frozen=True)
class SignedStatement:
    """Both in base64, as events carry them."""

    statement_b64: str
    signature_b64: str


@dataclass(frozen=True)
class VerifiedStatement:
    """A statement whose signature was proved up to the bank's root, and what its certificate allows."""

    staff_no: str
    key_id: str
    role: str
    act: str
    transaction: str
    digest: str
    nonce: str
    language: str
    template: str
    utc: str
    roles: tuple[str, ...]
    qualifications: tuple[str, ...]


def sign(statement: Statement, key: SigningKey) -> SignedStatement:
    """Sign the statement's canonical bytes."""
    body = canonical(statement)
    return SignedStatement(base64.b64encode(body).decode(), base64.b64encode(key.sign(body)).decode())


def unproved(statement_b64: str) -> Statement | None:
    """What the statement says, unproved; None when it is no statement in canonical bytes."""
    try:
        body = base64.b64decode(statement_b64, validate=True)
        found = msgspec.json.decode(body, type=Statement)
    except (ValueError, binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if canonical(found) == body and found.tag == STATEMENT_TAG else None


def read(statement_b64: str, signature_b64: str, trust: Trust) -> VerifiedStatement | Refusal:
    """Prove a statement: STATEMENT_FORGED, NOT_ENROLLED or REVOKED when it does not stand."""
    statement = unproved(statement_b64)
    if statement is None:
        return refuse(RefusalCode.STATEMENT_FORGED, reason="statement unreadable")
    certificate = trust.enrolled(statement.certificate, statement.utc)
    if isinstance(certificate, Refusal):
        return certificate
    try:
        signature = base64.b64decode(signature_b64, validate=True)
    except (ValueError, binascii.Error):
        return refuse(RefusalCode.STATEMENT_FORGED, reason="signature unreadable")
    if certificate.subject != statement.staff_no or not is_signed_by(
        certificate.key, signature, base64.b64decode(statement_b64)
    ):
        return refuse(RefusalCode.STATEMENT_FORGED, staff_no=statement.staff_no)
    return VerifiedStatement(
        statement.staff_no,
        certificate.key_id,
        statement.role,
        statement.act,
        statement.transaction,
        statement.digest,
        statement.nonce,
        statement.language,
        statement.template,
        statement.utc,
        certificate.roles,
        certificate.qualifications,
    )
