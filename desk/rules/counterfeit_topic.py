"""The rules on counterfeits that a profile (China, the euro area) may carry, and their fields (counter-rules §3).

Declarations only; what follows from them is said in ``desk.rules.counterfeit_rules``.
"""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Field, Shape, Topic

STAMP, BAG, SEND_ON = "stamp", "bag", "send_on"
FOLLOWS = frozenset({"return", "withhold", "reprocess", "fit", "unfit"})
"""What follows a machine's category in the euro area."""
CAUSES = frozenset({"new_method", "clue", "not_cooperating", "other"})
"""What asks for a report however few the pieces (CF-8)."""

_SAID = Shape()
_TEXTS = Field("texts")
_MORE = Field("texts", required=False)
_NUMBER = Field("whole")
_CUSTODY = Field("text", allowed=frozenset({STAMP, BAG, SEND_ON}))
_CATEGORY = Shape({"category": Field("text"), "follows": Field("text", allowed=FOLLOWS)})
_SERIAL = Shape({"series": Field("text"), "currency": Field("text"), "pattern": Field("pattern")})
COUNTERFEIT = Topic(
    "counterfeit",
    Text("假币收缴", "Counterfeit"),
    shapes={
        **{f"CF-{number}": _SAID for number in (1, 2, 3, 11, 12, 13, 15, 16, 17)},
        "CF-4": Shape(
            {"home": Field("text"), "note": _CUSTODY, "coin": _CUSTODY, "foreign": _CUSTODY, "written": _MORE}
        ),
        "CF-5": Shape({"copies": _NUMBER}),
        "CF-6": Shape({"appraisal_working_days": _NUMBER, "review_days": _NUMBER, "rights": _TEXTS}),
        "CF-7": Shape({"months": _NUMBER}),
        "CF-8": Shape(
            {"pieces": _NUMBER, "causes": Field("texts", allowed=CAUSES), "requires": _TEXTS}
        ),
        "CF-9": Shape({"working_days": _NUMBER, "requires": _TEXTS}),
        "CF-10": Shape(
            {
                "told_working_days": _NUMBER,
                "delivered_working_days": _NUMBER,
                "working_days": _NUMBER,
                "extended_working_days": _NUMBER,
            }
        ),
        "CF-14": Shape({"working_days": Field("whole", required=False)}),
        "SN-1": Shape({"faces": _TEXTS}),
        "SN-2": Shape({"days": _NUMBER}),
        "SN-4": Shape({"stored": _TEXTS}),
        "SN-5": _SAID,
        **{f"EU-{number}": _CATEGORY for number in (1, 3, 4, 5)},
        "EU-2": Shape({**_CATEGORY.fields, "working_days": _NUMBER, "requires": _TEXTS}),
        "EU-6": Shape({"machines": _TEXTS}),
    },
    families={"SN-3-": _SERIAL, "CF-8-": Shape({"pieces": _NUMBER})},
    never_without=("CF-2", "CF-3", "CF-4", "CF-15", "CF-16"),
)  # fmt: skip
"""Every profile withholds by two trained people, never by a machine, and says what becomes of the piece. "CF-8-…" is a
lower number that a place has set, with its ``regions``."""
