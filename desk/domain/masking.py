"""What of a name or number may be seen by whom: masks for the customer's screen, grouping for the teller's.

Source: counter-rules §2.3 (masked name until match), SV-1 (last four of the account).
"""

from __future__ import annotations

STARS = 3
"""How many stars stand at most: the length of a name tells something too."""

_COMPANY_MARKS = ("公司", "厂", "店", "合作社", "中心", "银行", "学校", "医院")


def mask_name(name: str) -> str:
    """张* · 阿依古丽·*** · 上海恒****公司. At least one star always stands; an empty name stays empty."""
    if not name:
        return ""
    if "·" in name:
        given, rest = name.split("·", 1)
        return given + "·" + _stars(rest)
    mark = next((one for one in _COMPANY_MARKS if name.endswith(one) and len(name) > len(one) + 3), "")
    if mark:
        return name[:3] + "****" + mark
    return name[:1] + _stars(name[1:])


def _stars(hidden: str) -> str:
    return "*" * min(STARS, max(1, len(hidden)))


def mask_number(number: str) -> str:
    """``**** 1735``: the last four digits only."""
    return f"**** {number[-4:]}" if number else ""


def group_number(number: str) -> str:
    """``9017 0020 1000 4821 735``: groups of four from the left."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
