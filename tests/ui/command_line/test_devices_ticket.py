"""``devices ticket``: what a pattern makes of a sample, whatever the files hold."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ui.command_line.devices_actions.ticket import READ_AS
from ui.command_line.main import main

EXAMPLE = Path(__file__).parents[3] / "resources" / "tickets" / "example.toml"
SAMPLE: str = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["sample"]
Capture = pytest.CaptureFixture[str]


def tried(capsys: Capture, folder: Path, sample: str, pattern: Path = EXAMPLE) -> tuple[int, dict[str, Any]]:
    file = folder / "sample.txt"
    file.write_text(sample, encoding="utf-8")
    code = main(["devices", "ticket", str(pattern), str(file), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_whole_ticket_is_read_and_stays_unverified(capsys: Capture, tmp_path: Path) -> None:
    code, told = tried(capsys, tmp_path, SAMPLE)
    assert (code, told["read"], told["verified"], told["not_read"]) == (0, True, False, [])
    assert (told["pieces"], told["total"], told["rejected"], told["currency"]) == (24, "2,020.00", 1, "CNY")
    assert told["lines"][2] == {
        "line": 3, "text": "100 x    18 =       1,800.00", "read_as": "row",
        "fields": {"denomination": "100.00", "pieces": 18, "amount": "1,800.00"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem", "not_read"),
    [
        (("TOTAL       24", "TOTAL       25"), "the rows do not add up to the total", []),
        (("REJECTED     1", "COUNTER NO 4"), "a line is not understood: unknown", [9]),
        (("END OF COUNT", ""), "the ticket does not end", []),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    capsys: Capture, tmp_path: Path, change: tuple[str, str], problem: str, not_read: list[int]
) -> None:
    assert change[0] in SAMPLE
    code, told = tried(capsys, tmp_path, SAMPLE.replace(*change))
    assert (code, told["read"], told["not_read"]) == (1, False, not_read)
    assert problem in told["problem"]


def test_people_read_it_in_both_languages(capsys: Capture, tmp_path: Path) -> None:
    sample = tmp_path / "s.txt"
    sample.write_text(SAMPLE.replace("END OF COUNT", "THE END"), encoding="utf-8")
    assert main(["devices", "ticket", str(EXAMPLE), str(sample)]) == 1
    told = capsys.readouterr().out
    for part in (
        "UNVERIFIED",
        "未经验证",
        "row      券别行",
        "NOT READ 未识别",
        "合计 total",
        "lines that no pattern took: 10",
    ):
        assert part in told
    assert all(re.search("[一-鿿]", chinese) and english.isascii() for english, chinese in READ_AS.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('start = ["CASH', 'start = ["{any}{any}'), ":13: 'start': two fields touch"),
        (("ignore =", "ignored ="), ":18: unknown key 'ignored'"),
        (("sample_rejected = 1", "sample_rejected = 2"), ":33: the sample has another number"),
        (("[", "[["), ""),
    ],
)
def test_a_pattern_with_a_flaw_is_refused_with_file_and_line(
    capsys: Capture, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    pattern = tmp_path / "ours.toml"
    pattern.write_text(EXAMPLE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    code, told = tried(capsys, tmp_path, SAMPLE, pattern)
    assert (code, told["error"].startswith(f"{pattern}{said or ':'}")) == (2, True), told


@pytest.mark.parametrize("which", ["pattern", "sample"])
@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), (b"x" * 100_001, "at most"), (b"\xff\xfe", "")]
)
def test_a_file_that_is_none_is_refused(
    capsys: Capture, tmp_path: Path, which: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / "f"
    if content is not None:
        file.write_bytes(content)
    words = {"pattern": EXAMPLE, "sample": file, which: file}
    code = main(["devices", "ticket", str(words["pattern"]), str(words["sample"]), "--json"])
    told = json.loads(capsys.readouterr().out)
    if content == b"\xff\xfe" and which == "sample":
        assert (code, told["lines"][0]["fields"]) == (1, {"reason": "encoding"})
    else:
        assert (code, said in told["error"]) == (2, True)
