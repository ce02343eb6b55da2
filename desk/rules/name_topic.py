"""What a pack of names may say: which differences come near, what each detector stands on, what a teller then does.

The floor stands in the fields' allowed values: no pack can call a difference of substance one of encoding, let a near
match of substance go by anybody's word, or let a name through that differs or cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.domain.account_name import (
    ENCODING_REASONS,
    NOTES,
    STOP_REASONS,
    SUBSTANCE_REASONS,
    UNREADABLE_REASONS,
    MatchResult,
)
from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Field, Shape, Topic

GO, TWO_PEOPLE, CUSTOMER, STOP = "go", "two_people_with_evidence", "customer_corrects", "stop"
"""What a teller does: post; let two people compare with the document and keep evidence; have the customer correct the
voucher; stop and show nothing of the account."""

_ACTIONS: Mapping[MatchResult, tuple[str, ...]] = {
    MatchResult.EXACT: (GO,),
    MatchResult.NORMALISED: (GO, TWO_PEOPLE),
    MatchResult.NEAR_E: (TWO_PEOPLE, CUSTOMER, STOP),
    MatchResult.NEAR_S: (CUSTOMER, STOP),
    MatchResult.NO_MATCH: (STOP,),
    MatchResult.NOT_CHECKABLE: (STOP,),
}
"""What a pack may ask for at each result; a bank may be stricter than the first, never milder than the floor."""


def rule_of(code: str) -> str:
    """The rule that a result, a reason or a note stands on."""
    return f"NM-{code.upper()}"


def _detector(classes: str, **more: Field) -> Shape:
    return Shape({"class": Field("text", allowed=frozenset(classes)), "words": Field("words"), **more})


def _told(**more: Field) -> Shape:
    return Shape({"words": Field("words"), **more})


_PARAMETERS: Mapping[str, Mapping[str, Field]] = {
    "DOT_KIND": {"stand_ins": Field("text")},
    "PUA": {"mapping": Field("table"), "promoted": Field("yes_no")},
    "TRUNCATED": {"widths": Field("table")},
    "HOMOPHONE": {"tone_counts": Field("yes_no")},
    "ONE_CHAR": {"length": Field("whole")},
    "COMPANY_FORM": {"forms": Field("texts"), "latin_forms": Field("texts")},
    "TYPO": {"short": Field("whole"), "short_distance": Field("whole"), "distance": Field("whole")},
    "HOLDER_KIND": {"company_words": Field("texts"), "latin_company_words": Field("texts")},
    "BRANCH": {"branch_words": Field("texts")},
    "SURNAME": {"compound": Field("texts")},
    "LOOKALIKE": {"alike": Field("texts")},
    "PLACEHOLDER": {"characters": Field("text")},
}


def _shapes() -> Mapping[str, Shape]:
    shapes: dict[str, Shape] = {
        rule_of(result.value): Shape(
            {"action": Field("text", allowed=frozenset(actions)), "next": Field("words")}
        )
        for result, actions in _ACTIONS.items()
    }
    for code in ENCODING_REASONS:
        shapes[rule_of(code)] = _detector("ES", **_PARAMETERS.get(code, {}))
    for code in SUBSTANCE_REASONS:
        shapes[rule_of(code)] = _detector("S", **_PARAMETERS.get(code, {}))
    for code in (*STOP_REASONS, *UNREADABLE_REASONS, *NOTES):
        shapes[rule_of(code)] = _told(**_PARAMETERS.get(code, {}))
    return shapes


def _never_without() -> tuple[str, ...]:
    codes = (*STOP_REASONS, *UNREADABLE_REASONS, "had_compatibility", "had_invisible")
    results = tuple(rule_of(result.value) for result in MatchResult)
    return (*results, *(rule_of(code) for code in codes if code != "LOOKALIKE"))


NAMES = Topic("names", Text("户名核对", "Names"), _shapes(), never_without=_never_without())
