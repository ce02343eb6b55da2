"""Who signed a rule pack: the issuing bank's key, certified by the bank's root for nothing but rules.

The seal lies beside the pack (``NAME.toml.seal``) and goes with it into the journal. Pure: text and keys come in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.certificate import Certificate, CertificateKind, check
from desk.journal.keys import SigningKey, canonical, is_signed_by

PACK_TAG = b"teller-desk/rule-pack/v1\0"
SUFFIX = ".seal"


class PackSeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seal's file: the signer's certificate and the signature (base64) over tag and SHA-256 of the exact text."""

    v: int
    certificate: str
    signature: str


def message_of(text: str) -> bytes:
    """What is signed."""
    return PACK_TAG + hashlib.sha256(text.encode()).digest()


def seal_pack(text: str, certificate: str, key: SigningKey) -> PackSeal:
    """Sign a pack's exact text."""
    return PackSeal(1, certificate, base64.b64encode(key.sign(message_of(text))).decode())


def write(seal: PackSeal) -> bytes:
    """The bytes of a seal's file, one line."""
    return canonical(seal) + b"\n"


def read(content: bytes) -> PackSeal | Refusal:
    """A seal's file; RULES_UNSEALED when it is none."""
    try:
        return msgspec.json.decode(content, type=PackSeal)
    except (msgspec.MsgspecError, UnicodeError):
        return refuse(RefusalCode.RULES_UNSEALED, reason="no seal")


def signature_bytes(signature: str) -> bytes:
    """The raw signature; b"" for what is no base64."""
    try:
        return base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return b""


def signer_of(certificate: str, root: bytes, on: str) -> Certificate | Refusal:
    """The certificate of a rules issuer, proved up to the bank's root and of its dates."""
    return check(certificate, root, CertificateKind.RULES, on)


def check_seal(text: str, seal: PackSeal, root: bytes, on: str) -> Refusal | None:
    """None when the bank signed exactly this text; else RULES_UNSEALED with the reason."""
    signer = signer_of(seal.certificate, root, on)
    if isinstance(signer, Refusal):
        return refuse(RefusalCode.RULES_UNSEALED, reason=dict(signer.details).get("reason", str(signer)))
    if not is_signed_by(signer.key, signature_bytes(seal.signature), message_of(text)):
        return refuse(RefusalCode.RULES_UNSEALED, reason="not signed over this text")
    return None
