"""The chain of endorsements (counter-rules §1.4, VC-14): from the payee to the one who presents, link by link.

The names are those that people read off the paper; whether two are one name is a function that comes in. Seals and
signatures are for the eye (VC-14 is half attested): an OK here says that the names make a chain, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from desk.domain.account_name import MatchResult, compare
from desk.rules.judgement import OK, RETURN, WARN, Judgement, Reason, worst
from desk.rules.number_text import why
from desk.rules.rule_pack import RulePack
from desk.rules.rule_set import RuleSet
from desk.rules.term_rules import TERMS


class Link(Protocol):
    """The least there is to know of an endorsement: who passed it on to whom."""

    @property
    def endorser(self) -> str: ...
    @property
    def endorsee(self) -> str: ...


@dataclass(frozen=True)
class Endorsement:
    """One endorsement as written on the back. ``endorsee`` "" was left blank; ``conditional``: a condition was added;
    ``partial``: of a part of the sum, or to several people; ``not_transferable``: the endorser wrote 不得转让."""

    endorser: str
    endorsee: str
    conditional: bool = False
    partial: bool = False
    not_transferable: bool = False


SameName = Callable[[str, str], bool]


def same_name(one: str, other: str) -> bool:
    """The same name, as written or after normalising; a doubt about either is not the same."""
    return compare(one, other).result in (MatchResult.EXACT, MatchResult.NORMALISED)


@dataclass(frozen=True)
class _Finding:
    """What one rule found in the chain."""

    result: str
    rule: str
    reason: Reason


def judge_endorsements(
    payee: str,
    endorsements: Sequence[Link],
    presenter: str,
    rules: RuleSet,
    *,
    same: SameName = same_name,
    instrument: str = "",
    drawer_bars_transfer: bool = False,
) -> Judgement:
    """Whether the chain leads from the payee to the presenter. RETURN names the link that breaks; WARN asks a person
    about a blank endorsee or a bar by an endorser. ``instrument`` and ``drawer_bars_transfer`` (不得转让 on the face)
    tell whether it may be endorsed at all. What else is written in an endorsement counts where it is an
    ``Endorsement``."""
    pack = rules.pack(TERMS.topic)
    found = [
        *_may_not_be_endorsed(endorsements, instrument, drawer_bars_transfer, pack),
        *_links(payee, endorsements, same),
        *_presenter(payee, endorsements, presenter, same),
        *(one for number, link in enumerate(endorsements, start=1) for one in _marks(number, link, pack)),
        *_barred_later(endorsements, pack),
    ]
    result = worst(tuple(one.result for one in found))
    rule = next((one.rule for one in found if one.result == result), "EN-CHAIN")
    found.sort(key=lambda one: one.result != result)  # what decided stands first
    return Judgement(result, tuple(one.reason for one in found), rule)


def _may_not_be_endorsed(
    endorsements: Sequence[Link], instrument: str, drawer_bars: bool, pack: RulePack
) -> Iterator[_Finding]:
    if not endorsements:
        return
    cash = pack.rule("EN-CASH")
    if cash and instrument in cash.texts("instruments"):
        reason = why(
            "CASH_CHEQUE", "现金支票不得背书转让，退票", "A cheque for cash cannot be endorsed; give it back"
        )
        yield _Finding(RETURN, cash.rule, reason)
    barred = pack.rule("EN-DRAWER-BAR")
    if barred and drawer_bars:
        reason = why(
            "NOT_TRANSFERABLE",
            "出票人已记载“不得转让”，背书转让无效，退票",
            "The drawer wrote “not transferable”; it cannot be endorsed, give it back",
        )
        yield _Finding(RETURN, barred.rule, reason)


def _links(payee: str, endorsements: Sequence[Link], same: SameName) -> Iterator[_Finding]:
    """Each endorser must be the one who held it: the payee first, then the endorsee before."""
    if not payee.strip():
        reason = why(
            "BLANK_PAYEE", "收款人未记载，补记后再提示", "No payee is written; it is filled in first"
        )
        yield _Finding(RETURN, "EN-CHAIN", reason)
    holder, title_zh, title_en = payee, "收款人", "the payee"
    for number, link in enumerate(endorsements, start=1):
        if holder.strip() and not same(holder, link.endorser):
            reason = why(
                "BROKEN_CHAIN",
                f"背书不连续：第 {number} 次背书的背书人“{link.endorser}”不是{title_zh}“{holder}”",
                f"The chain breaks at endorsement {number}: its endorser “{link.endorser}” is not "
                f"{title_en} “{holder}”",
            )
            yield _Finding(RETURN, "EN-CHAIN", reason)
        holder = link.endorsee
        title_zh, title_en = f"第 {number} 次背书的被背书人", f"the endorsee of endorsement {number}"


def _presenter(
    payee: str, endorsements: Sequence[Link], presenter: str, same: SameName
) -> Iterator[_Finding]:
    last = endorsements[-1].endorsee if endorsements else payee
    if last.strip() and not same(last, presenter):
        zh, en = ("最后被背书人", "the last endorsee") if endorsements else ("收款人", "the payee")
        reason = why(
            "NOT_THE_HOLDER",
            f"持票人“{presenter}”不是{zh}“{last}”，退票",
            f"The presenter “{presenter}” is not {en} “{last}”; give it back",
        )
        yield _Finding(RETURN, "EN-HOLDER", reason)


def _marks(number: int, link: Link, pack: RulePack) -> Iterator[_Finding]:
    """What is written, or not, in one endorsement."""
    written = link if isinstance(link, Endorsement) else Endorsement(link.endorser, link.endorsee)
    if pack.rule("EN-PART") and written.partial:
        reason = why(
            "PARTIAL",
            f"第 {number} 次背书只转让一部分或转让给数人，背书无效，退票",
            f"Endorsement {number} is of a part, or to several people: it is void, give it back",
        )
        yield _Finding(RETURN, "EN-PART", reason)
    if not written.endorsee.strip():
        reason = why(
            "BLANK_ENDORSEE",
            f"第 {number} 次背书的被背书人空白：请持票人补记，由人审核",
            f"Endorsement {number} names no endorsee: the holder fills it in and a person judges it",
        )
        yield _Finding(WARN, "EN-BLANK" if pack.rule("EN-BLANK") else "EN-CHAIN", reason)
    if pack.rule("EN-CONDITION") and written.conditional:
        reason = why(
            "CONDITION",
            f"第 {number} 次背书附有条件：所附条件不具票据效力，背书有效",
            f"Endorsement {number} carries a condition: the condition has no effect, the endorsement stands",
        )
        yield _Finding(OK, "EN-CONDITION", reason)


def _barred_later(endorsements: Sequence[Link], pack: RulePack) -> Iterator[_Finding]:
    """An endorser barred further transfer and the endorsee transferred it all the same."""
    if not pack.rule("EN-ENDORSER-BAR"):
        return
    for number, link in enumerate(endorsements[:-1], start=1):
        if isinstance(link, Endorsement) and link.not_transferable:
            reason = why(
                "BARRED_BY_ENDORSER",
                f"第 {number} 次背书的背书人“{link.endorser}”已记载“不得转让”，"
                "对其后手的被背书人不承担保证责任；由人审核",
                f"“{link.endorser}” wrote “not transferable” in endorsement {number} and does not answer to later "
                "endorsees; a person judges",
            )
            yield _Finding(WARN, "EN-ENDORSER-BAR", reason)
