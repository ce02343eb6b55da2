"""``teller-desk rules sign PACK… --issuer DIR``: sign packs with the issuing bank's key, so that desks adopt them.

DIR holds ``issuer.key`` (sealed by a password, asked at the terminal or read from a descriptor, never an argument) and
``issuer.certificate``. A pack with a flaw is not signed.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
from pathlib import Path

from desk.domain.refusals import Refusal
from desk.journal.certificate import read
from desk.journal.pack_seal import SUFFIX, seal_pack, write
from desk.persistence.secrets import open_person_key
from desk.rules.rule_pack import PackFlaw
from ui.command_line.main import FAILED, OK
from ui.command_line.unusable import unusable
from ui.rule_files import pack_paths, read_packs

KEY, CERTIFICATE = "issuer.key", "issuer.certificate"
LONGEST_PASSWORD = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``PACK… --issuer DIR [--password-fd N] [--json]``."""
    parser.add_argument("packs", type=Path, nargs="+", metavar="PACK", help="packs or folders of packs")
    parser.add_argument(
        "--issuer", type=Path, required=True, metavar="DIR", help=f"holds {KEY} and {CERTIFICATE}"
    )
    parser.add_argument(
        "--password-fd", type=int, metavar="N", help="read the key's password from descriptor N"
    )
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """0 signed, 1 a pack is flawed and none was signed, 2 no usable key."""
    paths = pack_paths(arguments.packs)
    flaws = [one for one in read_packs(arguments.packs) if isinstance(one, PackFlaw)]
    if flaws or not paths:
        print("\n".join(f"BAD {one}" for one in flaws) or "there is no pack here")
        return FAILED
    sealed = (arguments.issuer / KEY).read_text(encoding="ascii")
    certificate = (arguments.issuer / CERTIFICATE).read_text(encoding="ascii").strip()
    key = open_person_key(sealed, _password(arguments.password_fd))
    if isinstance(key, Refusal):
        return unusable(f"the issuer's key does not open: {key}", arguments.json)
    said = read(certificate)
    if said is None or said.key != key.public_key:
        return unusable("the certificate is not this key's", arguments.json)
    for path in paths:
        seal = seal_pack(path.read_bytes().decode("utf-8"), certificate, key)
        path.with_name(path.name + SUFFIX).write_bytes(write(seal))
    if arguments.json:
        print(json.dumps({"signed": [path.name for path in paths]}, ensure_ascii=False))
    else:
        print("\n".join(f"signed {path}" for path in paths))
    return OK


def _password(descriptor: int | None) -> str:
    if descriptor is None:
        return getpass.getpass("password of the issuer's key: ")
    return os.read(descriptor, LONGEST_PASSWORD).decode("utf-8").rstrip("\r\n")
