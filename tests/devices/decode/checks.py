"""The five check values, worked out here bit by bit, so that a mistake of the program's cannot stand in both.

By note-protocols §1.0 and §2.1. Frames made with these are bytes by the published layouts, whatever they say.
"""

from __future__ import annotations


def kermit(data: bytes) -> bytes:
    """CCNET and ID-003: reflected 8408, init 0, low byte first."""
    register = 0
    for byte in data:
        for bit in range(8):
            turned = (register ^ byte >> bit) & 1
            register = register >> 1 ^ (0x8408 if turned else 0)
    return register.to_bytes(2, "little")


def _shifted(data: bytes, polynomial: int, register: int) -> int:
    for byte in data:
        for bit in range(7, -1, -1):
            turned = (register >> 15 ^ byte >> bit) & 1
            register = (register << 1 ^ (polynomial if turned else 0)) & 0xFFFF
    return register


def ccnet(data: bytes, address: int = 3) -> bytes:
    """02, address, length of all, command or state and data, CRC."""
    body = bytes([2, address, len(data) + 5]) + data
    return body + kermit(body)


def id003(data: bytes) -> bytes:
    """FC, length of all, command or status and data, CRC."""
    body = bytes([0xFC, len(data) + 4]) + data
    return body + kermit(body)


def ssp(data: bytes, sequence: int = 0) -> bytes:
    """7F, then with every 7F doubled: sequence and address, length of data, data, CRC-16/CMS."""
    body = bytes([sequence << 7, len(data)]) + data
    body += _shifted(body, 0x8005, 0xFFFF).to_bytes(2, "little")
    return b"\x7f" + body.replace(b"\x7f", b"\x7f\x7f")


def ebds(kind: int, data: bytes, ack: int = 0) -> bytes:
    """02, length of all, type and acknowledge, data, 03, XOR."""
    covered = bytes([len(data) + 5, kind << 4 | ack]) + data
    check = 0
    for byte in covered:
        check ^= byte
    return b"\x02" + covered + bytes([3, check])


def cctalk(header: int, data: bytes = b"", to: int = 40, source: int = 1) -> bytes:
    """Destination, length of data, source, header, data, and what makes the sum zero."""
    body = bytes([to, len(data), source, header]) + data
    return body + bytes([-sum(body) % 256])


def cctalk_crc16(header: int, data: bytes = b"", to: int = 40) -> bytes:
    """Destination, length of data, CRC low, header, data, CRC high."""
    crc = _shifted(bytes([to, len(data), header]) + data, 0x1021, 0)
    return bytes([to, len(data), crc & 0xFF, header]) + data + bytes([crc >> 8])
