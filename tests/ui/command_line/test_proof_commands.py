"""``journal verify`` and ``evidence`` as other programs call them: exit codes, JSON, what is said without
trust."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desk.journal.keys import SigningKey
from desk.journal.trust import write_trust
from desk.persistence.secrets import TrainingKeyFile
from tests.desk.journal.bank import Bank, url_in
from ui.command_line import progress as progress_module
from ui.command_line.main import COMMANDS, main
from ui.command_line.progress import on_stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bank = Bank()
    store = bank.founded(tmp_path)
    bank.deposit(store).append(store)
    store.close()
    (tmp_path / "trust.json").write_bytes(write_trust("示例银行", bank.root.public_key))
    keys = TrainingKeyFile(tmp_path / "keys.json")
    keys.save("3/desk", bank.desk.private_bytes())
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_whole_record_verifies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify", "--database", url_in(folder), "--json"]) == 0
    found = answer(capsys)
    assert found["verified"] is True
    assert found["trusted"] is True
    assert found["deep"] is True
    assert found["first_bad"] is None
    assert found["entries"] == 55
    assert found["ledger"] == {"balanced": True}
    assert found["trust"] == str(folder / "trust.json")
    assert found["witness"] == str(folder / "witness.log")
    assert main(["journal", "verify", "--database", url_in(folder), "--deep"]) == 0
    text = capsys.readouterr().out
    assert text.endswith("VERIFIED\n")
    assert str(folder / "trust.json") in text


def test_the_first_bad_entry_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = sqlite3.connect(folder / "desk.db")
    with raw:
        raw.execute("DELETE FROM journal WHERE sequence=12")
    raw.close()
    assert main(["journal", "verify", "--database", url_in(folder), "--json"]) == 1
    found = answer(capsys)
    assert found["first_bad"]["sequence"] == 12
    assert found["first_bad"]["reason"] == "gap"
    assert main(["journal", "verify", "--database", url_in(folder)]) == 1
    text = capsys.readouterr().out
    assert "entry 12: gap" in text
    assert text.endswith("NOT VERIFIED\n")


def test_many_findings_are_counted_not_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = sqlite3.connect(folder / "desk.db")
    with raw:
        raw.executemany("INSERT INTO personal_record VALUES (?,'','')", [(f"r{n}",) for n in range(30)])
    raw.close()
    assert main(["journal", "verify", "--database", url_in(folder)]) == 1
    assert "and 10 more" in capsys.readouterr().out


def test_without_trust_or_witness_it_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "trust.json").unlink()
    (folder / "witness.log").unlink()
    assert main(["journal", "verify", "--database", url_in(folder)]) == 0
    text = capsys.readouterr().out
    assert "NO TRUST FILE" in text
    assert "NO WITNESS" in text
    assert main(["journal", "verify", "--database", url_in(folder), "--json"]) == 0
    found = answer(capsys)
    assert (found["trusted"], found["trust"], found["witness"]) == (False, None, None)


def test_an_unsealed_tail_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = sqlite3.connect(folder / "desk.db")
    with raw:
        raw.execute("DELETE FROM seal WHERE sequence>49")
    raw.close()
    main(["journal", "verify", "--database", url_in(folder)])
    assert "the last 6 entries are under no seal" in capsys.readouterr().out


def test_what_cannot_be_proved_at_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = url_in(folder / "elsewhere")
    (folder / "bad.json").write_text("{}")
    for more in (
        ["--database", nothing],
        ["--database", "postgresql://host/desk"],
        ["--database", url_in(folder), "--trust", "no such file"],
        ["--database", url_in(folder), "--witness", "no such file"],
        ["--database", url_in(folder), "--trust", str(folder / "bad.json")],
    ):
        assert main(["journal", "verify", *more]) == 2
        assert capsys.readouterr().err
        assert main(["journal", "verify", *more, "--json"]) == 2
        assert "error" in answer(capsys)


def test_evidence_goes_out_and_proves_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "evidence.json"
    asked = ["--database", url_in(folder), "--transaction", "3-1123-0001", "--out", str(out)]
    assert main(["evidence", "export", *asked]) == 0
    assert "示例" not in out.read_text(encoding="utf-8")
    capsys.readouterr()
    check = ["evidence", "verify", str(out), "--trust", str(folder / "trust.json")]
    assert main([*check, "--json"]) == 0
    found = answer(capsys)
    assert found["first_bad"] is None
    assert found["people"] == {"1001": ["verdict", "make"], "1002": ["verdict", "review"]}
    assert main(check) == 0
    assert "VERIFIED" in capsys.readouterr().out
    content = out.read_bytes()
    for at in range(100, len(content), len(content) // 25):
        out.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert main(check) == 1, at
    capsys.readouterr()
    assert main(["evidence", "export", *asked, "--json"]) == 0
    assert answer(capsys)["evidence"] == str(out)
    assert out.read_bytes() == content


def test_the_first_bad_entry_of_an_evidence_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, trust = folder / "evidence.json", str(folder / "trust.json")
    asked = ["--database", url_in(folder), "--transaction", "3-1123-0001", "--out", str(out)]
    main(["evidence", "export", *asked])
    capsys.readouterr()
    evidence = json.loads(out.read_bytes())
    missing = {**evidence, "bodies": evidence["bodies"][:3] + evidence["bodies"][4:]}
    out.write_text(json.dumps(missing, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    assert main(["evidence", "verify", str(out), "--trust", trust, "--json"]) == 1
    found = answer(capsys)
    assert found["verified"] is False
    assert found["first_bad"] == found["findings"][0]
    assert (found["first_bad"]["sequence"], found["first_bad"]["reason"]) == (evidence["first"] + 3, "column")
    assert main(["evidence", "verify", str(out), "--trust", trust]) == 1
    text = capsys.readouterr().out.splitlines()
    assert next(line for line in text if "BAD" in line).startswith(
        f"BAD entry {evidence['first'] + 3}: column"
    )
    assert text[-1] == "NOT VERIFIED"


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE journal SET body=replace(body, '20100', '20900') WHERE sequence=14", 14),
        ("DELETE FROM journal WHERE sequence=12", 12),
        ("DELETE FROM journal WHERE sequence>33", 34),
        ("DELETE FROM seal WHERE sequence=31", 31),
        ("DROP TABLE ledger_entry", 0),
    ],
)
def test_whatever_was_done_the_answer_is_one_and_the_first_bad_entry(
    folder: Path, capsys: pytest.CaptureFixture[str], statement: str, bad: int
) -> None:
    with sqlite3.connect(folder / "desk.db") as raw:
        raw.execute(statement)
    raw.close()
    assert main(["journal", "verify", "--database", url_in(folder), "--json"]) == 1
    found = answer(capsys)
    assert found["verified"] is False
    assert found["first_bad"] == found["findings"][0]
    assert found["first_bad"]["sequence"] == bad


def test_evidence_that_cannot_be(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(folder / "evidence.json")
    base = ["evidence", "export", "--database", url_in(folder), "--out", out]
    assert main([*base, "--transaction", "9-9"]) == 2
    assert main([*base, "--transaction", "3-1123-0001", "--out", str(folder / "no" / "x")]) == 2
    personal = ["--transaction", "3-1123-0001", "--with-personal", "--desk", "3"]
    assert main([*base, *personal]) == 2
    assert main([*base, *personal, "--keys", str(folder / "keys.json")]) == 2
    assert main([*base, "--transaction", "3-1123-0001"]) == 0
    (folder / "bad.json").write_text("{}")
    assert main(["evidence", "verify", out, "--trust", str(folder / "bad.json")]) == 2
    assert main(["evidence", "verify", out, "--trust", str(folder / "none.json")]) == 2
    assert main(["evidence", "verify", str(folder / "none"), "--trust", str(folder / "trust.json")]) == 2
    other = folder / "other.json"
    other.write_bytes(write_trust("x", SigningKey.generate().public_key))
    assert main(["evidence", "verify", out, "--trust", str(other)]) == 1
    capsys.readouterr()


def test_the_table_names_every_command_and_imports_none() -> None:
    code = (
        "import sys; from ui.command_line.main import parser_of; parser_of([]).format_help(); "
        "heavy = {'sqlalchemy', 'alembic', 'keyring', 'cryptography', 'msgspec', 'PySide6'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"demo", "journal", "evidence"} <= set(COMMANDS)


def test_without_a_command_the_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    class Window:
        @staticmethod
        def main() -> int:
            return 7

    monkeypatch.setattr(
        "ui.command_line.main.importlib.import_module", lambda name: Window if name == "ui.app" else None
    )
    assert main([]) == 7


def test_an_interrupted_command_fails_quietly(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.command_line.journal.run", interrupted)
    assert main(["journal", "verify", "--database", url_in(folder)]) == 1
    assert capsys.readouterr().err == "interrupted\n"


def test_progress_speaks_of_long_work_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with on_stderr() as progress:
        progress("entries", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress_module, "QUIET_SECONDS", -10.0)
    for terminal, expected in (
        (True, "\rentries: 1,000 of 2,000\x1b[K\n"),
        (False, "entries: 1,000 of 2,000\n"),
    ):
        monkeypatch.setattr("sys.stderr.isatty", lambda terminal=terminal: terminal, raising=False)
        clock = iter((0.0, 60.0, 60.0))
        monkeypatch.setattr("ui.command_line.progress.time.monotonic", lambda clock=clock: next(clock))
        with on_stderr() as progress:
            progress("entries", 1000, 2000)
            progress("entries", 1500, 2000)
        assert capsys.readouterr().err == expected
