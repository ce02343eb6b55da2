"""Number and name of a voucher against the account's (支付结算办法 166; counter-rules §2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.account_name import MatchResult, NameMatch, compare


@dataclass(frozen=True)
class AccountMatch:
    """``agrees`` only when the numbers are equal and the names the same; nothing here overrides a difference."""

    number_agrees: bool
    match: NameMatch

    @property
    def agrees(self) -> bool:
        return self.number_agrees and self.match.result in (MatchResult.EXACT, MatchResult.NORMALISED)


def match_account(
    written_number: str, written_name: str, account_number: str, account_name: str
) -> AccountMatch:
    """Compare both; spaces that group a number do not count."""
    same = "".join(written_number.split()) == "".join(account_number.split())
    return AccountMatch(same, compare(written_name, account_name))
