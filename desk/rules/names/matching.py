"""Two names to one result: unreadable, the same, a doubt about encoding, a difference of substance, or no match.

The order is the rule. Encoding alone is tried first, all folds together, and only as many are told as are needed. What
then still differs is substance, however the names are written: it never comes out as a doubt about encoding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from desk.domain.account_name import (
    UNREADABLE_REASONS,
    MatchResult,
    NameMatch,
    normalised,
    notes,
    unreadable,
)
from desk.rules.names import detectors
from desk.rules.names.folds import FOLDS, folded, mapped, useful, without_dots
from desk.rules.names.holders import COMPANY, PERSON, is_branch, is_latin, kind_of, same_surname
from desk.rules.names.parameters import NameParameters

DEFAULT_CHANNEL = "counter"
"""The field that a name comes through when nothing else is said."""

_SUBSTANCE: Mapping[str, Callable[[str, str, NameParameters], bool]] = {
    "ORDER": detectors.order,
    "COMPANY_FORM": detectors.company_form,
    "HOMOPHONE": detectors.homophone,
    "ONE_CHAR": detectors.one_char,
    "TYPO": detectors.typo,
}
_SAME = "SAME"


@dataclass(frozen=True)
class _Pair:
    """Both names as stored and in normal form, private-use characters already mapped."""

    stored: tuple[str, str]
    left: str
    right: str
    width: int
    parameters: NameParameters

    def dotted(self, folds: frozenset[str]) -> tuple[str, str]:
        """Folded, with what dots there are."""
        return folded(self.left, folds, self.parameters), folded(self.right, folds, self.parameters)

    def plain(self, folds: frozenset[str]) -> tuple[str, str]:
        left, right = self.dotted(folds)
        return (without_dots(left), without_dots(right)) if "DOT_MISSING" in folds else (left, right)


def match_names(
    voucher: str, account: str, parameters: NameParameters, channel: str = "", short_forms: Iterable[str] = ()
) -> NameMatch:
    """Compare what the voucher says with what the account says. ``channel`` names the field a name came through;
    ``short_forms`` are what the bank registered for this entity (支付结算办法 10)."""
    told = notes(voucher, account)

    def answer(result: MatchResult, reasons: tuple[str, ...] = ()) -> NameMatch:
        return NameMatch(result, (*reasons, *told), "had_invisible" in told)

    flaws = {
        flaw
        for name in (voucher, account)
        for flaw in unreadable(name, parameters.private, parameters.placeholders)
    }
    if flaws:
        return answer(MatchResult.NOT_CHECKABLE, tuple(one for one in UNREADABLE_REASONS if one in flaws))
    private = any(char in parameters.private for char in voucher + account)
    if voucher == account and not private:
        return answer(MatchResult.EXACT)
    left, right = (normalised(mapped(name, parameters.private)) for name in (voucher, account))
    doubt = ("PUA",) if private else ()
    open_doubt = private and not parameters.private_promoted
    if left == right and not open_doubt:
        return answer(MatchResult.NORMALISED, doubt)
    if not open_doubt and "SHORT_FORM" in parameters.on and left in map(normalised, short_forms):
        return answer(MatchResult.NORMALISED, (*doubt, "SHORT_FORM"))
    width = parameters.widths.get(channel or DEFAULT_CHANNEL, 0)
    pair = _Pair((voucher.strip(), account.strip()), left, right, width, parameters)
    result, reasons = _near(pair, doubt)
    return answer(result, reasons)


def differs_at(voucher: str, account: str, parameters: NameParameters) -> int:
    """The place, from 1, of the first character in which the names differ once every fold is applied."""
    left, right = (normalised(mapped(name, parameters.private)) for name in (voucher, account))
    pair = _Pair((voucher, account), left, right, 0, parameters)
    here, there = pair.plain(useful(left, right, parameters))
    return detectors.common_start(here, there) + 1


def _near(pair: _Pair, doubt: tuple[str, ...]) -> tuple[MatchResult, tuple[str, ...]]:
    """What names are to one another that are not the same; ``doubt`` holds already."""
    parameters = pair.parameters
    every = useful(pair.left, pair.right, parameters)
    if relation := _relation(pair, every):
        folds = _fewest(every, lambda fewer: _relation(pair, fewer) == relation)
        reasons = (*(one for one in (relation,) if one != _SAME), *doubt, *folds)
        of_substance = parameters.of_substance.intersection(reasons)
        return (MatchResult.NEAR_S if of_substance else MatchResult.NEAR_E), reasons
    if stop := _stop(pair, every):
        return MatchResult.NO_MATCH, stop
    reasons, distance = _substance(pair, every)
    if not reasons:
        return MatchResult.NO_MATCH, ("DIFFERENT", *_hint(*pair.plain(every), parameters))
    folds = _fewest(every, lambda fewer: _substance(pair, fewer) == (reasons, distance))
    return MatchResult.NEAR_S, (*reasons, *doubt, *folds)


def _fewest(every: frozenset[str], suffice: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """The folds without which the names are further apart; the rest explains nothing and is not told."""
    folds = every
    for fold in reversed(FOLDS):
        if fold in folds and suffice(folds - {fold}):
            folds -= {fold}
    return tuple(fold for fold in FOLDS if fold in folds)


def _relation(pair: _Pair, folds: frozenset[str]) -> str:
    """How two names are one but for their writing: the same under these folds, spelt in part, or cut off."""
    left, right = pair.plain(folds)
    on, parameters = pair.parameters.on, pair.parameters
    if left == right and left:
        return _SAME
    if "PINYIN_PLACEHOLDER" in on and detectors.pinyin_placeholder(left, right):
        return "PINYIN_PLACEHOLDER"
    stored_left, stored_right = pair.stored
    if "TRUNCATED" in on and (
        detectors.cut_off(left, right, stored_left, pair.width, parameters)
        or detectors.cut_off(right, left, stored_right, pair.width, parameters)
    ):
        return "TRUNCATED"
    return ""


def _stop(pair: _Pair, every: frozenset[str]) -> tuple[str, ...]:
    """What no likeness outweighs: a person and a company, a branch and its parent, another surname."""
    parameters = pair.parameters
    left, right = pair.dotted(every)
    if is_latin(left) != is_latin(right):
        return ()
    kinds = {kind_of(left, parameters), kind_of(right, parameters)}
    if kinds == {PERSON, COMPANY}:
        return ("HOLDER_KIND",)
    if is_branch(left, parameters) != is_branch(right, parameters):
        return ("BRANCH",)
    if COMPANY in kinds or same_surname(left, right, parameters):
        return ()
    return ("SURNAME", *_hint(*pair.plain(every), parameters))


def _substance(pair: _Pair, folds: frozenset[str]) -> tuple[tuple[str, ...], int]:
    """Every detector that takes the pair, and how far the names are apart."""
    left, right = pair.plain(folds)
    parameters = pair.parameters
    reasons = tuple(
        reason
        for reason, detect in _SUBSTANCE.items()
        if reason in parameters.on and detect(left, right, parameters)
    )
    return reasons, detectors.distance(left, right)


def _hint(left: str, right: str, parameters: NameParameters) -> tuple[str, ...]:
    return ("LOOKALIKE",) if detectors.look_alike(left, right, parameters) else ()
