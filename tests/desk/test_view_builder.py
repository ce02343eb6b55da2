"""Why a second person is due, as the page says it: by what the transaction began with, whatever the desk is set to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desk.domain.cash import CashRow
from desk.domain.procedure_kinds import ControlMode
from desk.view_builder import _second_person_reason
from tests.desk.procedures.walk import Walk, slip

BELOW, ABOVE = 1_999_999, 2_025_000


def reason(began: ControlMode, now: ControlMode, amount_minor: int) -> str:
    walk = Walk(began).identified()
    walk.write(slip(amount_minor, (CashRow(1, amount_minor),)))
    core: Any = SimpleNamespace(
        procedure=walk.procedure, given=SimpleNamespace(config=SimpleNamespace(control_mode=now))
    )
    text = _second_person_reason(core, walk.state)
    return text.en.split(":")[0] if text else ""


@pytest.mark.parametrize("now", ControlMode)
@pytest.mark.parametrize(
    ("began", "amount_minor", "says"),
    [
        (ControlMode.DUAL, BELOW, "Dual control"),
        (ControlMode.DUAL, ABOVE, "At or above the review limit 20,000.00"),
        (ControlMode.COMPREHENSIVE, BELOW, ""),
        (ControlMode.COMPREHENSIVE, ABOVE, "At or above the review limit 20,000.00"),
    ],
)
def test_the_reason_is_the_one_the_transaction_began_under(
    began: ControlMode, amount_minor: int, says: str, now: ControlMode
) -> None:
    assert reason(began, now, amount_minor) == says
