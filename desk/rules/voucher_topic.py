"""The checklist VC-01 … VC-25: which checks there are and what a failure means (counter-rules §1.6–1.7).

Declares what a pack of the topic may say; what each check looks at stands in ``desk.rules.voucher_checks``.
"""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.domain.voucher_form import CHECKS
from desk.rules.shapes import Field, Shape, Topic

CHECK = {
    "kind": Field("text", allowed=frozenset({"automatic", "attested", "both"})),
    "on_fail": Field("text", allowed=frozenset({"stop", "return", "warn"})),
    "says": Field("words"),
    "next": Field("words"),
    "says_void": Field("words", required=False),
    "next_void": Field("words", required=False),
    "next_warn": Field("words", required=False),
    "cases_zh": Field("table", required=False),
    "cases_en": Field("table", required=False),
    "returns": Field("table", required=False),
    "requires": Field(
        "texts", required=False, allowed=frozenset({"teller", "second_person", "reason", "evidence"})
    ),
    "look_milliseconds": Field("whole", required=False),
}
"""One line of the list. ``says``: what the teller tells the customer, ``next`` what then, both with ``{why}`` from the
cases; ``…_void`` where the instrument is void by it, ``next_warn`` where people decide. ``returns``: case → reason of a
return statement, "other" for all others. ``requires``: who decides about a warning. ``look_milliseconds``: a tick
faster than that saw nothing."""

SPOIL_STEPS = frozenset({"void_stamp", "cut_corner", "register", "reissue"})
"""What is done with a defective document of our own (RF-5)."""

VOUCHERS = Topic(
    "vouchers",
    Text("凭证检查", "Voucher checks"),
    shapes={
        **dict.fromkeys(CHECKS, Shape(CHECK)),
        "VC-18": Shape({**CHECK, "no_cash": Field("texts")}),
        "OPEN": Shape({"says": Field("words"), "next": Field("words")}),
        "LOOK": Shape(),
        "RF-1": Shape({"keep_image": Field("yes_no"), "says": Field("words"), "next": Field("words")}),
        "RF-2": Shape(
            {
                "kind": Field("words"),
                "ground": Field("words"),
                "time": Field("words"),
                "seal": Field("words"),
                "next": Field("words"),
            }
        ),
        "RF-3": Shape(),
        "RF-4": Shape({"decides": Field("text", allowed=frozenset({"supervisor"})), "next": Field("words")}),
        "RF-5": Shape({"steps": Field("texts", allowed=SPOIL_STEPS), "next": Field("words")}),
        "RF-6": Shape(),
        "FINE": Shape({"share": Field("share"), "least": Field("amount"), "says": Field("words")}),
    },
    families={
        "RF-3-": Shape({"ground": Field("text"), "fined": Field("yes_no", required=False)}),
        "CU-": Shape({"limit": Field("limit", required=False)}),
    },
    never_without=("VC-01", "VC-03", "VC-04", "VC-06", "VC-12", "VC-13"),
)
