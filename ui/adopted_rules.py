"""Bringing sealed rule packs from a desk's own folder into its record, when the desk opens.

The folder (``rules`` beside the trust file) is where branch IT puts what HQ sends: every pack with its seal. What
stands in the record is what the desk judges by. Free of Qt; decides nothing (``desk.rule_adoption``).
"""

from __future__ import annotations

from pathlib import Path

from desk.core import DeskConfig
from desk.domain.events import RulesAdopted
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.adopted_rules import book_of
from desk.journal.entry import EventHead
from desk.journal.keys import SigningKey
from desk.journal.pack_seal import SUFFIX, read, seal_pack, write
from desk.persistence.journal_store import JournalStore
from desk.rule_adoption import OfferedPack, adoption
from desk.rules.rule_book import RuleBook
from desk.rules.rule_pack import PackFlaw
from ui.rule_files import SHIPPED, pack_paths

FOLDER = "rules"


def offered_packs(folder: Path) -> tuple[OfferedPack, ...] | Refusal:
    """Every pack of the folder with its seal; RULES_UNSEALED for one without."""
    found: list[OfferedPack] = []
    for path in pack_paths((folder,)) if folder.is_dir() else ():
        seal_path = path.with_name(path.name + SUFFIX)
        seal = read(seal_path.read_bytes()) if seal_path.exists() else None
        if seal is None or isinstance(seal, Refusal):
            return refuse(RefusalCode.RULES_UNSEALED, reason=f"{path.name}: no {SUFFIX} file")
        try:
            found.append(OfferedPack(path.name, path.read_bytes().decode("utf-8"), seal))
        except UnicodeDecodeError:
            return refuse(RefusalCode.RULES_INVALID, flaw=PackFlaw(path.name, 1, "bytes", "is not UTF-8"))
    return tuple(found)


def take_in_rules(
    store: JournalStore, folder: Path, root: bytes, config: DeskConfig, utc: str
) -> RuleBook | Refusal:
    """Adopt what the folder offers if it is new, and say by which rules this desk judges. A bad, unsigned or missing
    pack is a refusal by name: a desk without rules for its day does not open."""
    offered = offered_packs(folder)
    if isinstance(offered, Refusal):
        return offered
    last = [one.event for one in store.own_recorded() if isinstance(one.event, RulesAdopted)][-1:]
    standing = [(pack.text, pack.signature) for event in last for pack in event.packs]
    if offered and standing != [(one.text, one.seal.signature) for one in offered]:
        event = adoption(offered, config.region, root, config.business_date)
        if isinstance(event, Refusal):
            return event
        head = EventHead(
            store.desk_id,
            config.branch_id,
            config.business_date,
            utc,
            "",
            "it",
            "",
            "founding",
            config.currency,
        )
        store.append([(head, event)])
    book = book_of(store.own_recorded(), root)
    today = book.on(config.business_date)
    return refuse(RefusalCode.RULES_INVALID, flaw=today) if isinstance(today, PackFlaw) else book


def seal_shipped(folder: Path, certificate: str, key: SigningKey) -> None:
    """Lay the shipped packs with the seals of a (training) bank into a desk's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in pack_paths((SHIPPED / "cn",)):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text, encoding="utf-8")
        (folder / (path.name + SUFFIX)).write_bytes(write(seal_pack(text, certificate, key)))
