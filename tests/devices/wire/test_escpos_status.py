"""The one-byte answers of a receipt printer, over all 256 bytes."""

from __future__ import annotations

import pytest

from devices.wire import escpos_status as status


def test_the_question_is_the_real_time_status_request() -> None:
    assert status.ask(status.PRINTER) == bytes.fromhex("10 04 01")
    assert status.ask(status.PAPER) == bytes.fromhex("10 04 04")


def test_only_bytes_with_the_fixed_bits_are_answers() -> None:
    answers = {byte for byte in range(256) if status.is_answer(byte)}
    assert answers == {0x12 | (bits << 2 & 0x0C) | (bits >> 2 << 5) for bits in range(16)}


@pytest.mark.parametrize(
    ("byte", "online", "paper"),
    [(0x12, True, True), (0x1A, False, True), (0x32, True, False), (0x52, True, False), (0x72, True, False),
     (0x16, True, True), (0x1E, False, True)],
)  # fmt: skip
def test_bits_say_online_and_paper(byte: int, online: bool, paper: bool) -> None:
    assert status.is_online(byte) is online
    assert status.has_paper(byte) is paper


def test_the_question_in_turn_is_no_real_time_one_and_no_answer_is_of_both_kinds() -> None:
    assert bytes.fromhex("1D 72 01") == status.ASK_IN_TURN
    in_turn = {byte for byte in range(256) if status.is_answer_in_turn(byte)}
    assert in_turn == {byte for byte in range(256) if not byte & 0x90}
    assert not in_turn & {byte for byte in range(256) if status.is_answer(byte)}
    assert [status.has_paper_in_turn(byte) for byte in (0x00, 0x03, 0x0C, 0x0F)] == [True, True, False, False]
