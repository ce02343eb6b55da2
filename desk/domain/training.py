"""Until when a person's counterfeit training holds, as a certificate's qualification says it (CF-15).

"counterfeit" holds as long as the certificate; "counterfeit:2027-06-30" no longer than that day, which is included.
"""

from __future__ import annotations

from collections.abc import Iterable

COUNTERFEIT = "counterfeit"


def trained_until(qualifications: Iterable[str], certified_until: str) -> str:
    """The last day (ISO); "" for a person who was never trained."""
    for one in qualifications:
        name, _, until = one.partition(":")
        if name == COUNTERFEIT:
            return min(until, certified_until) if until else certified_until
    return ""
