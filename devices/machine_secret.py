"""What a machine must be told and no file, argument, environment variable or log may hold, such as a cipher's digits.

It comes over a file descriptor, or from whoever is asked: a key store, or a person at the terminal; the caller hands
those in. Nothing here shows or keeps it, and no refusal quotes it.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.registry import Manifest, Secret

MAX_BYTES = 256
Ask = Callable[[Manifest, Secret], str | None]
"""One place to look; None when it is not there."""


@dataclass(frozen=True)
class NoSecret:
    """Why there is none, and what to do."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def secret_of(model: Manifest, descriptor: int | None, ask: Sequence[Ask]) -> str | NoSecret | None:
    """The secret of a model that needs one, None for a model that needs none. A descriptor goes before all else."""
    if model.secret is None:
        return None
    if descriptor is not None:
        return _read(model.secret, descriptor)
    for one in ask:
        found = one(model, model.secret)
        if found:
            return found
    return NoSecret(
        f"{model.name} must be told {model.secret.what['en']} / {model.secret.what['zh']}: give it by --secret-fd N, "
        f"keep it in this system's key store ('teller-desk devices secret {model.name}'), or run this at a terminal"
    )


def _read(secret: Secret, descriptor: int) -> str | NoSecret:
    try:
        data = os.read(descriptor, MAX_BYTES)
        told = data.decode("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        return NoSecret(f"--secret-fd {descriptor} cannot be read: {type(error).__name__}")
    return told or NoSecret(f"--secret-fd {descriptor} holds nothing where {secret.what['en']} should be")


def asked_at_terminal(model: Manifest, secret: Secret) -> str | None:
    """From the person beside the machine, unseen; None when nobody is there."""
    if not sys.stdin.isatty():
        return None
    return getpass.getpass(f"{model.name}: {secret.what['zh']} / {secret.what['en']}: ") or None


def entry_name(model: Manifest, secret: Secret) -> str:
    """Under which name a key store keeps it."""
    return f"device/{model.name}/{secret.name}"
