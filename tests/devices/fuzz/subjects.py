"""What is fuzzed: every decoder of ``devices/wire`` with real frames, its bounds, and what drivers read of messages.

``SUBJECTS`` are the wire protocols, both ciphers and the receipt printer's answers among them; ``EXPLAINERS`` what
``devices decode`` does with the same frames. A decoder's driver does two more things than feed it: it says that the
line was quiet (``pause``), and it reads what a good frame carries (``use``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from devices.decode import table
from devices.wire import (
    aa55,
    ccnet,
    cctalk,
    cctalk_cipher,
    ebds,
    escp,
    escpos_status,
    essp,
    id003,
    pr2,
    ssp,
    t5040,
)
from devices.wire.ticket import MAX_LINE, Tally, TicketDecoder
from tests.devices.decode.validator_frames import load
from tests.devices.test_ticket_wire import PATTERN, TICKET
from tests.devices.wire import validators
from tests.devices.wire.frames import COUNTER, DETECTOR
from tests.devices.wire.test_ebds import note
from tests.devices.wire.test_pr2 import POSTING as PR2_POSTING
from tests.devices.wire.test_t5040 import POSTING_FROM_HOST, POSTING_FROM_PRINTER

BAD = frozenset({"BadFrame", "Garbage", "BadLine", "BusFault"})
ALL_CHUNKS = (*(1, 2, 3, 7, 16, 64, 300) * 30, *(4096,) * 10, 65536)
SHORT_CHUNKS = (1, 2, 3, 7, 16, 40, 64)
PIECES = (0,)
"""Piece by piece, as the mutator makes them."""


def _nothing(_: Any) -> None:
    """No pause, and no more to read."""


@dataclass(frozen=True)
class Subject:
    """One thing under fuzz. ``held`` bytes may wait in it at most; a good frame is read again at the latest ``resync``
    bytes of good frames behind any garbage (after a pause, where the driver makes one). ``splits``: the same stream
    reads the same however it is cut."""

    name: str
    make: Callable[[], Any]
    samples: Sequence[bytes]
    held: int
    resync: int
    use: Callable[[Any], object] = _nothing
    pause: Callable[[Any], object] = _nothing
    chunks: Sequence[int] = ALL_CHUNKS
    splits: bool = True
    beacon: bytes = b""


def is_good(message: object) -> bool:
    """Whether it is more than a complaint."""
    return type(message).__name__ not in BAD


# --- what drivers read of good frames ---------------------------------------------------------------------------


def _use_ccnet(message: Any) -> None:
    if isinstance(message, ccnet.Frame):
        ccnet.poll_answer(message.data)
        ccnet.bill_table(message.data)
        ccnet.identification(message.data)


def _use_ssp(message: Any) -> None:
    if isinstance(message, ssp.Frame):
        for version in (4, 6, 8):
            ssp.events(message.data[1:], version)
        ssp.setup(message.data[1:])
        ssp.serial_number(message.data[1:])


def _use_id003(message: Any) -> None:
    if isinstance(message, id003.Answer):
        id003.read_currency(message.data)
        assert message.status is None or message.code == message.status


def _use_cctalk(message: Any) -> None:
    if not isinstance(message, cctalk.Frame):
        return
    if len(message.data) == cctalk.EVENT_BYTES:
        log = cctalk.read_events(message.data)
        fresh = cctalk.news(log, message.data[0] // 2)
        assert len(fresh.events) <= cctalk.KEPT_EVENTS
    if len(message.data) == cctalk.BILL_ID_BYTES:
        cctalk.read_bill_id(message.data)
    if len(message.data) == cctalk.SCALING_BYTES:
        cctalk.read_scaling(message.data).minor(100)


# --- what is no stream decoder by itself ------------------------------------------------------------------------


class StatusAnswers:
    """The receipt printer's answers, one byte each."""

    def receive(self, data: bytes) -> tuple[tuple[bool, bool], ...]:
        """Each byte that can be an answer, and what it says."""
        return tuple(
            (escpos_status.is_online(byte), escpos_status.has_paper(byte))
            for byte in data
            if escpos_status.is_answer(byte)
        )


class CipherBlocks:
    """The ccTalk cipher on blocks of any bytes: back and forth is the same."""

    def __init__(self) -> None:
        self._dice = random.Random(7)

    def receive(self, data: bytes) -> tuple[()]:
        """Decipher and encipher again, under another key each time."""
        key = cctalk_cipher.CipherKey.of(f"{self._dice.randrange(1_000_000):06d}")
        clear = cctalk_cipher.decipher(data, key)
        assert cctalk_cipher.encipher(clear, key) == data
        return ()


class SealedAnswers:
    """eSSP's sealed data: what was not sealed with the session's key says nothing."""

    KEY = bytes.fromhex("67452301674523019565000000000000")

    def receive(self, data: bytes) -> tuple[essp.Opened, ...]:
        """What opens."""
        session = essp.Session(self.KEY, random.Random(1).getrandbits)
        assert session.unseal(data) is None or session.counter == 1
        opened = essp.unseal(self.KEY, data)
        return () if opened is None else (opened,)


class Explained:
    """``devices decode`` on each piece by itself: readings in the order of the contract, whatever came."""

    def __init__(self, protocol: str, requests: Sequence[bytes]) -> None:
        self._protocol, self._requests, self._dice = protocol, requests, random.Random(5)

    def receive(self, data: bytes) -> tuple[()]:
        """Explain, in any direction, as the answer to any request."""
        direction, request = self._dice.choice(("", "host", "device")), self._dice.choice(self._requests)
        readings = table.explain(self._protocol, data, direction, request)
        assert isinstance(readings, tuple)
        assert readings
        assert all(one.name if one.valid else one.error for one in readings)
        return ()


# --- real frames -------------------------------------------------------------------------------------------------

_COUNTER, _DETECTOR = tuple(COUNTER.values()), (*DETECTOR.values(), note())
_IDLE = DETECTOR["dev idle+cassette ack0"]
_CCNET = tuple(frame.data for frame in load("ccnet"))
_LONG_TABLE = ccnet.encode(0x00, b"".join(b"\x01CNY\x02" for _ in range(ccnet.BILL_TYPES)))
_SSP = tuple(frame.data for frame in load("ssp"))
_CCTALK = tuple(validators.CCTALK.values()) + tuple(answer for _, answer in validators.EXCHANGES)
_CRC16 = tuple(validators.CRC16.values()) + tuple(
    validators.CODECS["crc16"].encode(1, 0, 0, answer[4:-1]) for _, answer in validators.EXCHANGES
)
_ENCIPHERED = tuple(wire for _, wire, _ in validators.ENCIPHERED) + tuple(
    validators.CODECS["enciphered"].encode(1, 0, 0, answer[4:-1]) for _, answer in validators.EXCHANGES
)
_SEALED = tuple(
    essp.seal(SealedAnswers.KEY, 1, bytes([0xF0]) + bytes(size), random.Random(size).getrandbits)
    for size in (0, 4, 20, 60)
)
_T5040 = (
    b"\x1b[0!z", b"\x1b[2!z", b'\x1b[1;4"z', b"\x1b[17!t", b"\x1b[9999)t", b'\x1b[992"t',
    b"\x1b[0;4;94;1;1;0;1;5040;0#z", b'\x1b[1;2;1;0"r\x02=0123456789?\x03', b"\x1b[1;0#r", POSTING_FROM_PRINTER,
)  # fmt: skip
_PR2 = (
    b"\x1br0", b"\x1brq", b"\x1bB50\x1bZ", b"\x1b/7", b"\x1bS0144", b"\x1bpABCD", b"\x1bs9017?\x1c",
    b"\x1bs\x7f\x1c", b"\x1bb1.0;2\x1bZ", b"\x1baSETUP\x1bZ",
)  # fmt: skip
_ESCP = (b"\x11", b"\x13", b"\x13\x11")
_ESCP_HOST = (
    b"\x1b@\x1bP\x1bx\x01\x1bU\x01\x1bR\x00", b"\x1b(V\x02\x00\x01\x02", b"\x1b$\x96\x00*200.00", b"\x1bJ\xff\x0c",
    b"\x1c&\x1cS\x00\x03\xb0\xa1\x1c.", b"\x1b*\x27\x02\x00\xff\x00\x01\xff\x00\x01",
)  # fmt: skip


def _quiet(decoder: cctalk.CctalkDecoder) -> None:
    """The driver of a ccTalk line finds it quiet, sends a request and hears it back."""
    decoder.gap()
    decoder.sent(_CCTALK[0])
    assert decoder.receive(_CCTALK[0]) == (cctalk.Echo(),)


def _cctalk(name: str, codec: str, samples: Sequence[bytes]) -> Subject:
    beacon = validators.CODECS[codec].encode(cctalk.HOST, cctalk.VALIDATOR, 0, bytes(cctalk.EVENT_BYTES))
    return Subject(
        name, lambda: cctalk.CctalkDecoder(validators.CODECS[codec]), samples, cctalk.MAX_FRAME, len(beacon),
        _use_cctalk, _quiet, (*PIECES * 6, *SHORT_CHUNKS), beacon=beacon,
    )  # fmt: skip


def _tallied(message: Any) -> None:
    Tally(PATTERN).add(message)


_STREAMS = (
    Subject("t5040", t5040.T5040Decoder, _T5040, t5040.MAX_PENDING, 2 * 24),
    Subject("pr2", pr2.Pr2Decoder, _PR2, pr2.MAX_PENDING, 2 * 8),
    Subject("escp", escp.EscpDecoder, _ESCP, 0, 1),
    Subject("aa55", aa55.Aa55Decoder, _COUNTER, aa55.MAX_LENGTH + 7, aa55.MAX_LENGTH + 7 + 2 * 48),
    Subject("ebds", ebds.EbdsDecoder, _DETECTOR, ebds.MAX_LENGTH, ebds.MAX_LENGTH + 2 * 11, beacon=_IDLE),
    Subject("ebds-8", lambda: ebds.EbdsDecoder(False), _DETECTOR, ebds.MAX_LENGTH, ebds.MAX_LENGTH + 2 * 11,
            beacon=_IDLE),
    _cctalk("cctalk", "simple", _CCTALK),
    _cctalk("cctalk-crc16", "crc16", _CRC16),
    _cctalk("cctalk-enciphered", "enciphered", _ENCIPHERED),
    Subject("id003", id003.Id003Decoder, tuple(validators.ID003.values()), id003.MAX_LENGTH,
            id003.MAX_LENGTH + 2 * 7, _use_id003),
    Subject("ccnet", ccnet.CcnetDecoder, (*_CCNET, _LONG_TABLE), ccnet.MAX_LENGTH, ccnet.MAX_LENGTH + 2 * 12,
            _use_ccnet),
    Subject("ssp", ssp.SspDecoder, _SSP, ssp.MAX_DATA + 4, 3 * 48, _use_ssp),
    Subject("ticket", lambda: TicketDecoder(PATTERN), (TICKET, *TICKET.splitlines(keepends=True)), MAX_LINE,
            2 * 24, _tallied, beacon=b"100 x 18 = 1,800.00\r\n"),
)  # fmt: skip
_PIECES = (
    Subject("escpos", StatusAnswers, (b"\x12", b"\x16", b"\x1e", b"\x72\x12"), 0, 1),
    Subject("cctalk-cipher", CipherBlocks, _ENCIPHERED, 0, 0, chunks=SHORT_CHUNKS, splits=False),
    Subject("essp-cipher", SealedAnswers, _SEALED, 0, 0, chunks=PIECES, splits=False),
)
SUBJECTS = {one.name: one for one in (*_STREAMS, *_PIECES)}

_EXPLAINED: dict[str, Sequence[bytes]] = {
    "t5040": (*_T5040, POSTING_FROM_HOST), "escp": (*_ESCP, *_ESCP_HOST), "pr2": (*_PR2, PR2_POSTING),
    "aa55": _COUNTER, "ebds": _DETECTOR, "cctalk": _CCTALK, "cctalk-crc16": _CRC16,
    "id003": tuple(validators.ID003.values()), "ccnet": (*_CCNET, _LONG_TABLE), "ssp": _SSP,
}  # fmt: skip
assert set(_EXPLAINED) == set(table.EXPLAINERS), "an explainer is without frames to fuzz it"


def _explainer(protocol: str, samples: Sequence[bytes]) -> Subject:
    return Subject(
        f"decode-{protocol}", lambda: Explained(protocol, samples), samples, 0, 0, chunks=PIECES, splits=False
    )


EXPLAINERS = {one.name: one for one in (_explainer(*row) for row in _EXPLAINED.items())}
EVERYTHING = {**SUBJECTS, **EXPLAINERS}
