"""The deposit slip as written: its facts, and which of them a form must carry (counter-rules §1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.domain.cash import CashRow


@dataclass(frozen=True)
class DepositSlip:
    """What a slip says. ``form`` is the voucher type code; ``source``: "captured" (electronic) or "typed"."""

    form: str
    bank_code: str
    currency: str
    amount_minor: int
    slip_date: str
    account_name: str
    account_number: str
    rows: tuple[CashRow, ...] = ()
    capitals: str = ""
    agent_name: str = ""
    agent_id: str = ""
    source: str = "typed"


REQUIRED: Mapping[str, tuple[str, ...]] = {
    "deposit_slip": ("slip_date", "account_name", "account_number", "amount_minor"),
}
"""Fields a form must carry; a form that is not here is unknown and nothing of it is accepted."""


def missing_fields(slip: DepositSlip) -> tuple[str, ...]:
    """Required fields that are empty, in the form's order. An agent named must show an ID number."""
    missing = [name for name in REQUIRED.get(slip.form, ()) if not getattr(slip, name)]
    if slip.agent_name and not slip.agent_id:
        missing.append("agent_id")
    return tuple(missing)
