"""Where in a name the trouble is, in a teller's words. Places and code points only: no character of a name is quoted,
since the stored name is not for the customer's ears.
"""

from __future__ import annotations

from desk.domain.account_name import UNREADABLE_REASONS, flaw_of
from desk.domain.procedure_kinds import Text
from desk.rules.names.matching import differs_at
from desk.rules.names.parameters import NameParameters

_SIDES = (Text("凭证户名", "the voucher's name"), Text("账户户名", "the account's name"))


def place_of(code: str, voucher: str, account: str, parameters: NameParameters) -> Text:
    """What stands for "{where}" in the words of a reason: the first character concerned."""
    if code != "PUA" and code not in UNREADABLE_REASONS:
        place = differs_at(voucher, account, parameters)
        return Text(f"第{place}字", f"Character {place}")
    for side, name in zip(_SIDES, (voucher, account), strict=True):
        for place, char in enumerate(name, start=1):
            if _is_meant(code, char, parameters):
                point = f"U+{ord(char):04X}"
                return Text(f"{side.zh}第{place}字（{point}）", f"Character {place} of {side.en} ({point})")
    return Text("户名", "The name")


def _is_meant(code: str, char: str, parameters: NameParameters) -> bool:
    if char in parameters.private:
        return code == "PUA"
    return flaw_of(char, parameters.placeholders) == code
