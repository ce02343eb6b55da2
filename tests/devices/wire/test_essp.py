"""eSSP: published numbers and sealed bytes, primes, key agreement, the counter, and sealed data that are not ours."""

from __future__ import annotations

import random

import pytest

from devices.errors import ProtocolError
from devices.wire import essp, ssp
from tests.devices.decode.validator_frames import load, one_bit_turned

FRAMES = {frame.name: frame.data for frame in load("ssp")}
KEY = bytes.fromhex("67452301674523019565000000000000")
SEALED = FRAMES["dev SEALED F0 00 4A 78 B4"][3:-2]
PUBLISHED = (982451653, 1287821)


def bits(seed: int = 1) -> essp.RandomBits:
    return random.Random(seed).getrandbits


def test_sealed_bytes_of_another_program_are_opened_and_made_again() -> None:
    """kybarg/ssp lib/utils.test.js; its packing is A1 6C 6C D3."""
    opened = essp.unseal(KEY, SEALED)
    assert opened == essp.Opened(1, bytes.fromhex("F0 00 4A 78 B4"))
    packing = int.from_bytes(bytes.fromhex("A1 6C 6C D3"), "little")
    assert essp.seal(KEY, 1, opened.data, lambda count: packing) == SEALED


def test_the_exchange_is_the_published_one() -> None:
    """GA138: 982451653, 1287821; the numbers behind its intermediate keys are not printed."""
    offer = essp.Offer(*PUBLISHED, secret=77)
    first, second, third = offer.commands()
    assert ssp.encode(1, first) == FRAMES["host SET GENERATOR 982451653"]
    assert ssp.encode(1, second) == FRAMES["host SET MODULUS 1287821"]
    assert third == b"\x4c" + pow(982451653, 77, 1287821).to_bytes(8, "little")


def test_both_sides_come_to_one_key_and_its_halves_are_little_endian() -> None:
    mine, slaves_secret = essp.offer(bits()), 0x1234567
    inter = pow(mine.generator, slaves_secret, mine.modulus).to_bytes(8, "little")
    shared = pow(mine.inter, slaves_secret, mine.modulus)
    assert mine.key(inter) == bytes.fromhex("6745230167452301") + shared.to_bytes(8, "little")
    assert mine.key(inter, fixed=1)[:8] == b"\1" + bytes(7)
    with pytest.raises(ProtocolError):
        mine.key(inter[:7])


@pytest.mark.parametrize("seed", range(5))
def test_an_offer_is_two_different_primes_the_larger_first(seed: int) -> None:
    offer = essp.offer(bits(seed))
    assert essp.is_prime(offer.generator)
    assert essp.is_prime(offer.modulus)
    assert (1 << 61) < offer.modulus < offer.generator < (1 << 64)
    assert offer != essp.offer(bits(seed + 100))


def test_the_same_number_twice_is_not_taken_for_two() -> None:
    dice, first = random.Random(3), 1 << 60
    numbers = iter([first, first, dice.getrandbits(62), dice.getrandbits(62)])
    offer = essp.offer(lambda count: next(numbers))
    assert offer.generator != offer.modulus


def test_primes_are_told_from_what_looks_like_them() -> None:
    sieve = [
        number
        for number in range(2000)
        if number > 1 and all(number % one for one in range(2, int(number**0.5) + 1))
    ]
    assert [number for number in range(2000) if essp.is_prime(number)] == sieve
    assert not any(
        map(essp.is_prime, (561, 41041, 3215031751, 3825123056546413051, 2**62 - 1, 1287821 * 982451653))
    )
    assert all(map(essp.is_prime, (*PUBLISHED, 2**61 - 1, 18446744073709551557)))


@pytest.mark.parametrize("size", [1, 8, 9, 10, 25, 233])
def test_any_size_is_sealed_in_whole_blocks_and_opened(size: int) -> None:
    data = bytes(range(size))
    sealed = essp.seal(KEY, 0xFFFFFFFE, data, bits())
    assert sealed[0] == ssp.SEALED
    assert (len(sealed) - 1) % 16 == 0
    assert len(sealed) <= ssp.MAX_DATA
    assert essp.unseal(KEY, sealed) == essp.Opened(0xFFFFFFFE, data)


@pytest.mark.parametrize(("counter", "data"), [(0, b""), (0, bytes(234)), (1 << 32, b"a"), (-1, b"a")])
def test_what_cannot_be_sealed_is_not(counter: int, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        essp.seal(KEY, counter, data, bits())


def test_one_turned_bit_another_key_and_a_cut_are_not_opened() -> None:
    for changed in one_bit_turned(SEALED):
        assert essp.unseal(KEY, changed) is None, changed.hex()
    for key in one_bit_turned(KEY):
        assert essp.unseal(key, SEALED) is None
    for data in (b"", b"\x7e", SEALED[:-1], SEALED + b"\0", SEALED[1:]):
        assert essp.unseal(KEY, data) is None


def test_a_length_larger_than_its_blocks_is_not_believed() -> None:
    plain = bytes([10]) + bytes(13)
    plain += ssp.crc(plain).to_bytes(2, "little")
    encryptor = essp._cipher(KEY).encryptor()
    assert essp.unseal(KEY, b"\x7e" + encryptor.update(plain) + encryptor.finalize()) is None


def test_an_answer_counts_one_more_and_any_other_is_thrown_away() -> None:
    session = essp.Session(KEY, bits())
    opened = essp.unseal(KEY, session.seal(b"\x07"))
    assert opened == essp.Opened(0, b"\x07")
    for wrong in (0, 2, 1 << 31):
        assert session.unseal(essp.seal(KEY, wrong, b"\xf0", bits())) is None
    assert session.unseal(SEALED[:-1]) is None
    assert session.unseal(SEALED) == bytes.fromhex("F0 00 4A 78 B4")
    assert session.unseal(SEALED) is None, "the same answer again is an old one"
    opened = essp.unseal(KEY, session.seal(b"\x07"))
    assert opened == essp.Opened(1, b"\x07")


def test_noise_is_not_opened() -> None:
    dice = random.Random(5)
    for _ in range(1250):
        assert essp.unseal(KEY, b"\x7e" + dice.randbytes(16)) is None
