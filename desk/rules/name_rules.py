"""Number and name of a voucher against the account's (支付结算办法 166; counter-rules §2): the match, what a teller is
told of it, and what a teller does next. Words and actions come from the pack; nothing overrides a difference of
substance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.domain.account_name import MatchResult, NameMatch
from desk.domain.procedure_kinds import Text
from desk.rules.judgement import Judgement, Reason
from desk.rules.name_topic import GO, NAMES, rule_of
from desk.rules.names.matching import match_names
from desk.rules.names.parameters import NameParameters, parameters_of
from desk.rules.names.places import place_of
from desk.rules.rule_pack import RulePack
from desk.rules.rule_set import RuleSet

_WHERE = "{where}"


@dataclass(frozen=True)
class AccountMatch:
    """``agrees`` only when the numbers are equal and the names the same; nothing here overrides a difference."""

    number_agrees: bool
    match: NameMatch

    @property
    def agrees(self) -> bool:
        return self.number_agrees and self.match.agrees


def match_account(
    written_number: str, written_name: str, account_number: str, account_name: str, rules: RuleSet
) -> AccountMatch:
    """Compare both; spaces that group a number do not count."""
    same = "".join(written_number.split()) == "".join(account_number.split())
    parameters = parameters_of(rules.pack(NAMES.topic))
    return AccountMatch(same, match_names(written_name, account_name, parameters))


def judge_name(
    voucher: str, account: str, rules: RuleSet, channel: str = "", short_forms: Iterable[str] = ()
) -> Judgement:
    """The match of two names as a judgement: its reasons are the typed codes, the first with what to do next."""
    pack = rules.pack(NAMES.topic)
    parameters = parameters_of(pack)
    match = match_names(voucher, account, parameters, channel, short_forms)
    action = teller_action(match.result, rules)
    told = tuple(
        Reason(code, _placed(pack.rules[rule_of(code)].words("words"), code, voucher, account, parameters))
        for code in match.reasons
    )
    if told and action != GO:
        told = (_with_next(told[0], pack, match.result), *told[1:])
    return Judgement(match.result.value, told, _deciding(match), requires=() if action == GO else (action,))


def teller_action(result: MatchResult, rules: RuleSet) -> str:
    """What a teller does at this result: "go", "two_people_with_evidence", "customer_corrects" or "stop"."""
    return rules.pack(NAMES.topic).rules[rule_of(result.value)].text("action")


def next_words(result: MatchResult, rules: RuleSet) -> Text:
    """The same as a line for the teller."""
    return rules.pack(NAMES.topic).rules[rule_of(result.value)].words("next")


def _deciding(match: NameMatch) -> str:
    """The rule the result stands on: its own where the names agree, else its first reason's."""
    if match.agrees:
        return rule_of("SHORT_FORM" if "SHORT_FORM" in match.reasons else match.result.value)
    return rule_of(match.reasons[0])


def _placed(words: Text, code: str, voucher: str, account: str, parameters: NameParameters) -> Text:
    """The words of a reason with the place of the trouble in them, where they ask for it."""
    if _WHERE not in words.zh + words.en:
        return words
    place = place_of(code, voucher, account, parameters)
    return Text(words.zh.replace(_WHERE, place.zh), words.en.replace(_WHERE, place.en))


def _with_next(reason: Reason, pack: RulePack, result: MatchResult) -> Reason:
    then = pack.rules[rule_of(result.value)].words("next")
    return Reason(reason.code, Text(f"{reason.words.zh}{then.zh}", f"{reason.words.en} {then.en}"))
