"""Keys at rest: opened by the right password only, kept where they may be, never shown."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from desk.domain.refusals import Refusal, RefusalCode
from desk.journal.keys import SigningKey
from desk.persistence.secrets import (
    DeskKeys,
    KeyringStore,
    KeyStore,
    TrainingKeyFile,
    desk_keys,
    open_person_key,
    seal_person_key,
    system_backend,
)

PASSWORD = "a long enough sentence"


def code(found: object) -> RefusalCode:
    assert isinstance(found, Refusal), found
    return found.code


@pytest.mark.parametrize("training", [True, False])
def test_the_right_password_opens_a_key(training: bool) -> None:
    key = SigningKey.generate()
    sealed = seal_person_key(key, PASSWORD, training=training)
    opened = open_person_key(sealed, PASSWORD)
    assert isinstance(opened, SigningKey)
    assert opened.public_key == key.public_key
    assert code(open_person_key(sealed, PASSWORD + " ")) is RefusalCode.WRONG_PASSWORD
    assert key.private_bytes().hex() not in sealed
    assert PASSWORD not in sealed


def test_a_live_key_never_opens_under_quick_parameters() -> None:
    live = json.loads(seal_person_key(SigningKey.generate(), PASSWORD))
    for changes in ({"passes": 1}, {"memory_kib": 1024}, {"training": True, "passes": 9}):
        weak = json.dumps({**live, **changes})
        assert code(open_person_key(weak, PASSWORD)) is RefusalCode.KEY_STORE
    quick = json.loads(seal_person_key(SigningKey.generate(), PASSWORD, training=True))
    assert code(open_person_key(json.dumps({**quick, "training": False}), PASSWORD)) is RefusalCode.KEY_STORE
    marked = json.dumps({**live, "training": True})
    assert code(open_person_key(marked, PASSWORD)) is RefusalCode.WRONG_PASSWORD


@pytest.mark.parametrize("text", ["", "{}", "é"])
def test_what_is_no_sealed_key(text: str) -> None:
    assert code(open_person_key(text, PASSWORD)) is RefusalCode.KEY_STORE


class InMemory(KeyringBackend):
    """A key store that works."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password


class Broken(InMemory):
    """A key store that is locked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringError("locked, and this text is not for the log")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError("locked")


class WriteProtected(InMemory):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError("read only")


def both(tmp_path: Path) -> list[KeyStore]:
    return [KeyringStore(InMemory()), TrainingKeyFile(tmp_path / "keys.json")]


def test_desk_keys_are_made_once(tmp_path: Path) -> None:
    for store in both(tmp_path):
        assert code(desk_keys(store, "3号柜", make=False)) is RefusalCode.KEY_STORE
        first, second = desk_keys(store, "3号柜"), desk_keys(store, "3号柜", make=False)
        assert isinstance(first, DeskKeys)
        assert isinstance(second, DeskKeys)
        assert first.desk.key_id == second.desk.key_id
        assert first.vault.lookup("1") == second.vault.lookup("1")
        other = desk_keys(store, "4号柜")
        assert isinstance(other, DeskKeys)
        assert other.desk.key_id != first.desk.key_id


def test_a_key_store_that_does_not_answer() -> None:
    broken = desk_keys(KeyringStore(Broken()), "x")
    assert code(broken) is RefusalCode.KEY_STORE
    assert "not for the log" not in str(broken)
    assert code(desk_keys(KeyringStore(WriteProtected()), "x")) is RefusalCode.KEY_STORE


def test_training_keys_are_marked_and_the_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    desk_keys(TrainingKeyFile(path), "x")
    assert "training" in json.loads(path.read_text())["mark"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for content in ("no json", '{"mark": "live"}'):
        path.write_text(content)
        assert code(desk_keys(TrainingKeyFile(path), "x")) is RefusalCode.KEY_STORE
        assert code(TrainingKeyFile(path).save("x", b"y")) is RefusalCode.KEY_STORE


def test_the_backend_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is guessed: another system's store does not work here, an unknown system has none."""
    assert code(system_backend("win32")) is RefusalCode.KEY_STORE
    assert code(system_backend("plan9")) is RefusalCode.KEY_STORE
    monkeypatch.setattr(
        "desk.persistence.secrets._BACKENDS", {"here": ("tests.desk.persistence.test_secrets", "InMemory")}
    )
    assert type(system_backend("here")).__name__ == "InMemory"
