"""The encryption of eSSP, host side: key exchange, sealed data, counter. Sources: note-protocols §1.3 (kybarg/ssp,
flag S) and the SSP manual GA138; sealed bytes from kybarg's tests are among ours.

What it is worth, plainly: little. The protocol demands AES-128 in ECB mode (equal blocks look equal; the check
inside is a CRC, which proves no origin), a Diffie-Hellman exchange of 64-bit numbers that a laptop breaks, nobody
proving who they are, and a fixed key half that every manual prints. It is here because some machines will not talk
otherwise. Nothing of ours relies on it for secrecy or proof, and ECB stands nowhere else in this program.

No random numbers are made here: the caller brings them, so that a session can be told again byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from devices.errors import ProtocolError
from devices.wire import ssp

DEFAULT_FIXED_KEY = 0x0123456701234567
BLOCK = 16
_AROUND = 7  # length, counter, CRC
MAX_SEALED_DATA = 240 - _AROUND
PRIME_BITS = 62
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)

RandomBits = Callable[[int], int]


@dataclass(frozen=True)
class Offer:
    """The host's half of one exchange. ``secret`` never leaves."""

    generator: int
    modulus: int
    secret: int

    @property
    def inter(self) -> int:
        return pow(self.generator, self.secret, self.modulus)

    def commands(self) -> tuple[bytes, bytes, bytes]:
        """SET GENERATOR, SET MODULUS and KEY EXCHANGE, in their order; the last one's answer holds the slave's
        half."""
        numbers = (self.generator, self.modulus, self.inter)
        codes = (ssp.Command.SET_GENERATOR, ssp.Command.SET_MODULUS, ssp.Command.KEY_EXCHANGE)
        first, second, third = (
            bytes([code]) + number.to_bytes(8, "little") for code, number in zip(codes, numbers, strict=True)
        )
        return first, second, third

    def key(self, slave_inter: bytes, fixed: int = DEFAULT_FIXED_KEY) -> bytes:
        """The AES key: the fixed half, then the shared number, each little endian."""
        if len(slave_inter) != 8:
            raise ProtocolError("the slave's half has 8 bytes")
        shared = pow(int.from_bytes(slave_inter, "little"), self.secret, self.modulus)
        return fixed.to_bytes(8, "little") + shared.to_bytes(8, "little")


def offer(random_bits: RandomBits) -> Offer:
    """A new offer: both numbers prime, or the machine says PARAMETER OUT OF RANGE; the larger is the generator."""
    one, other = _prime(random_bits), _prime(random_bits)
    while other == one:
        other = _prime(random_bits)
    return Offer(max(one, other), min(one, other), random_bits(PRIME_BITS) | 1)


def is_prime(number: int) -> bool:
    """Miller-Rabin; with these witnesses it is exact below 2⁶⁴."""
    if number < 2:
        return False
    for small in _WITNESSES:
        if number % small == 0:
            return number == small
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return not any(_is_witness(number, base, odd, twos) for base in _WITNESSES)


def _is_witness(number: int, base: int, odd: int, twos: int) -> bool:
    value = pow(base, odd, number)
    if value in (1, number - 1):
        return False
    for _ in range(twos - 1):
        value = value * value % number
        if value == number - 1:
            return False
    return True


def _prime(random_bits: RandomBits) -> int:
    """The first prime from a random number with its top bit set."""
    number = random_bits(PRIME_BITS) | 1 << (PRIME_BITS - 1) | 1
    while not is_prime(number):
        number += 2
    return number


@dataclass(frozen=True)
class Opened:
    """What was sealed, and its counter."""

    counter: int
    data: bytes


def seal(key: bytes, counter: int, data: bytes, random_bits: RandomBits) -> bytes:
    """7E and the encrypted packet: length, counter, data, random packing to whole blocks, CRC."""
    if not 1 <= len(data) <= MAX_SEALED_DATA or not 0 <= counter < 1 << 32:
        raise ProtocolError("at most 233 bytes of data, a counter of 32 bits")
    head = bytes([len(data)]) + counter.to_bytes(4, "little") + data
    packing = -(len(data) + _AROUND) % BLOCK
    head += random_bits(8 * packing).to_bytes(packing, "little") if packing else b""
    encryptor = _cipher(key).encryptor()
    return (
        bytes([ssp.SEALED])
        + encryptor.update(head + ssp.crc(head).to_bytes(2, "little"))
        + encryptor.finalize()
    )


def unseal(key: bytes, data: bytes) -> Opened | None:
    """Open sealed data; None when they are not whole or were not sealed with this key."""
    if len(data) <= BLOCK or (len(data) - 1) % BLOCK or data[0] != ssp.SEALED:
        return None
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(data[1:]) + decryptor.finalize()
    if ssp.crc(plain[:-2]) != int.from_bytes(plain[-2:], "little") or plain[0] > len(plain) - _AROUND:
        return None
    return Opened(int.from_bytes(plain[1:5], "little"), plain[5 : 5 + plain[0]])


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - the protocol has no other mode; see the module's head


class Session:
    """One agreed key and the counter. A command goes out with the counter as it is; its answer carries one more, and
    both go on from there. A command that is repeated is the same sealed bytes again."""

    def __init__(self, key: bytes, random_bits: RandomBits) -> None:
        self._key, self._random_bits = key, random_bits
        self.counter = 0

    def seal(self, data: bytes) -> bytes:
        """A command, ready for a frame."""
        return seal(self._key, self.counter, data, self._random_bits)

    def unseal(self, data: bytes) -> bytes | None:
        """An answer's data; None for one to be thrown away: not ours, old, or of another counter."""
        opened = unseal(self._key, data)
        if opened is None or not opened.data or opened.counter != self.counter + 1:
            return None
        self.counter += 1
        return opened.data
