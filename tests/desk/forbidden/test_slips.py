"""Electronic slips that are none: cut short, of another shape, with a fraction where money stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desk import commands as c
from desk.views import SlipView
from tests.scenarios.branch import PERSON
from tests.scenarios.counter import Desk
from tests.scenarios.player import Player
from ui.composition import slip_file

GOOD: dict[str, Any] = {
    "form": "deposit_slip", "bank_code": "9017", "currency": "CNY", "amount_minor": 35000,
    "slip_date": "2026-11-23", "account_name": PERSON.name, "account_number": PERSON.number,
    "rows": [[10000, 3], [5000, 1]], "capitals": "",
}  # fmt: skip


def without(name: str) -> str:
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def with_(**changes: object) -> str:
    return json.dumps({**GOOD, **changes})


NO_SLIPS = {
    "nothing": "",
    "cut short": json.dumps(GOOD)[:60],
    "a list": "[]",
    "no amount": without("amount_minor"),
    "no name": without("account_name"),
    "no rows": without("rows"),
    "a field nobody knows": with_(reviewed=True),
    "a float for an amount": with_(amount_minor=35000.0),
    "a text for an amount": with_(amount_minor="35000"),
    "a truth for an amount": with_(amount_minor=True),
    "half a note": with_(rows=[[10000, 3.5]]),
    "a row of three": with_(rows=[[1, 2, 3]]),
    "a number for a name": with_(account_name=350),
}


@pytest.mark.parametrize("kind", NO_SLIPS)
def test_what_cannot_be_read_is_no_slip(kind: str, desk: Desk, player: Player) -> None:
    path = desk.counter.training.folder.slips / slip_file(PERSON.number)
    player.to("slip")
    path.write_text(NO_SLIPS[kind], encoding="utf-8")
    desk.do(c.CaptureSlip())
    page = desk.page
    assert isinstance(page, SlipView)
    assert page.captured is None
    assert desk.refused(c.KeySlip("350")) == "slip_incomplete"


def test_the_good_one_is_read(desk: Desk, player: Player) -> None:
    path = desk.counter.training.folder.slips / slip_file(PERSON.number)
    player.to("slip")
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    desk.do(c.CaptureSlip())
    desk.do(c.KeySlip("350"))
