"""Where the actions look for what a machine must be told: a file descriptor, this system's key store, the terminal.

The key store is loaded when it is asked: it costs more than all the rest, and few machines need it.
"""

from __future__ import annotations

import argparse
from typing import Any

from desk.domain.refusals import Refusal
from devices.machine_secret import NoSecret, asked_at_terminal, entry_name, secret_of
from devices.registry import Manifest, Secret


def add_secret(parser: argparse.ArgumentParser) -> None:
    """``[--secret-fd N]``, for the models that need a secret; never the secret itself, which everybody could read."""
    parser.add_argument(
        "--secret-fd", type=int, metavar="N",
        help="read what the machine must be told from this file descriptor (default: the key store, then ask)",
    )  # fmt: skip


def find_secret(model: Manifest, arguments: argparse.Namespace) -> str | NoSecret | None:
    """The secret, None where none is needed, or what to do."""
    return secret_of(model, arguments.secret_fd, (kept, asked_at_terminal))


def key_store() -> Any | Refusal:
    """This system's key store, as the desk chooses it."""
    from desk.persistence import secrets  # noqa: PLC0415 - costs more than all the rest, and few machines need it

    backend = secrets.system_backend()
    return backend if isinstance(backend, Refusal) else secrets.KeyringStore(backend)


def kept(model: Manifest, secret: Secret) -> str | None:
    """From the key store; None when it has none or there is no store."""
    store = key_store()
    told = None if isinstance(store, Refusal) else store.load(entry_name(model, secret))
    return told.decode("utf-8") if isinstance(told, bytes) else None


def keep(model: Manifest, secret: Secret, told: str) -> str:
    """Into the key store; what stands in the way, or ""."""
    store = key_store()
    refused = (
        store if isinstance(store, Refusal) else store.save(entry_name(model, secret), told.encode("utf-8"))
    )
    return f"this system has no key store that works: {dict(refused.details)}" if refused else ""
