"""``teller-desk rules lint [PATH…]``: check packs before they go out: every rule known, dates that fit, a pack of every
topic on the day, the bank's signature, and which rules still await the bank's word."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from desk.domain.refusals import Refusal
from desk.journal.pack_seal import SUFFIX, check_seal, read
from desk.journal.trust import read_trust
from desk.rules.known_packs import choose_known
from desk.rules.rule_pack import PackFlaw, RulePack
from desk.rules.rule_set import series_flaws
from ui.command_line.main import FAILED, OK
from ui.command_line.unusable import unusable
from ui.rule_files import SHIPPED, pack_paths, read_packs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[PATH…] [--on DATE] [--region REGION] [--trust FILE] [--json]``."""
    parser.add_argument(
        "paths", type=Path, nargs="*", metavar="PATH", help="packs or folders (the shipped ones)"
    )
    parser.add_argument(
        "--on", metavar="YYYY-MM-DD", help="also: is every topic in force in the region on this day"
    )
    parser.add_argument("--region", default="CN", help="the region that --on asks about")
    parser.add_argument(
        "--trust", type=Path, metavar="FILE", help="the bank's root key: check every seal too"
    )
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """0 nothing is wrong, 1 something is, 2 the packs or the trust file are not there."""
    places = tuple(arguments.paths) or (SHIPPED,)
    root = read_trust(arguments.trust.read_bytes()) if arguments.trust else b""
    if isinstance(root, Refusal):
        return unusable(f"{arguments.trust}: {root}", arguments.json)
    found = read_packs(places)
    packs = [one for one in found if isinstance(one, RulePack)]
    flaws = [one for one in found if isinstance(one, PackFlaw)]
    flaws += series_flaws(packs)
    flaws += _unsealed(pack_paths(places), root) if arguments.trust else ()
    if arguments.on and not flaws:
        chosen = choose_known(packs, arguments.on, arguments.region)
        flaws += [chosen] if isinstance(chosen, PackFlaw) else []
    if not found:
        return unusable("there is no pack here", arguments.json)
    _tell(packs, flaws, arguments.json)
    return FAILED if flaws else OK


def _unsealed(paths: Iterable[Path], root: bytes) -> Iterator[PackFlaw]:
    today = datetime.now().astimezone().date().isoformat()
    for path in paths:
        beside = path.with_name(path.name + SUFFIX)
        if not beside.exists():
            yield PackFlaw(path.name, 1, "seal", f"there is no {beside.name}")
            continue
        seal = read(beside.read_bytes())
        bad = (
            seal
            if isinstance(seal, Refusal)
            else check_seal(path.read_text(encoding="utf-8"), seal, root, today)
        )
        if bad is not None:
            yield PackFlaw(path.name, 1, "seal", dict(bad.details)["reason"])


def _tell(packs: list[RulePack], flaws: list[PackFlaw], as_json: bool) -> None:
    awaiting = [(pack, row) for pack in packs for row in pack.rules.values() if row.on and row.awaits_bank]
    if as_json:
        answer: dict[str, Any] = {
            "ok": not flaws,
            "packs": [
                {
                    "pack": one.name, "topic": one.topic, "region": one.region, "file": one.file,
                    "valid_from": one.valid_from, "valid_to": one.valid_to, "rules": len(one.rules),
                    "digest": one.digest,
                }
                for one in packs
            ],
            "flaws": [vars(one) for one in flaws],
            "unconfirmed": [
                {"pack": pack.name, "rule": row.rule, "confidence": row.confidence, "zh": row.title.zh,
                 "en": row.title.en}
                for pack, row in awaiting
            ],
        }  # fmt: skip
        print(json.dumps(answer, ensure_ascii=False))
        return
    for one in packs:
        dates = f"{one.valid_from} … {one.valid_to}"
        print(f"{one.name:28} {one.region:6} {dates:26} {len(one.rules):3} rules  {one.file}")
    for pack, row in awaiting:
        print(f"UNCONFIRMED {pack.name} {row.rule} ({row.confidence})  {row.title.zh}  {row.title.en}")
    for flaw in flaws:
        print(f"BAD {flaw}")
    print("OK" if not flaws else f"{len(flaws)} wrong")
