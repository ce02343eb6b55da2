"""What each kind of paper must carry, whatever its form file says: the floor that law sets.

Names of fields, columns, notes and boxes, each with the flag under which it is due ("" = always). Sources: return
statement — 票据管理实施办法 27 (counter-rules RF-2, S); counterfeit receipt — 2020 style (counter-rules §3.3, S; two
copies); exchange finding — rule of 2026 (counter-rules §6.15, S-); large-value list — Order 〔2016〕3 (TH-1…TH-5, S).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RETURN_STATEMENT = "return_statement"
COUNTERFEIT_CERTIFICATE = "counterfeit_certificate"
EXCHANGE_FINDING = "exchange_finding"
LARGE_VALUE_LIST = "large_value_list"

INDIVIDUAL, ENTITY = "individual", "entity"
_HOLDER_WORDS = ("holder_kind.individual", "holder_kind.entity", "signature.declined")
_HOLDER = {
    "holder_kind": "",
    "holder_name": INDIVIDUAL,
    "id_kind": INDIVIDUAL,
    "id_number": INDIVIDUAL,
    "entity_name": ENTITY,
    "agent_name": ENTITY,
    "agent_id_kind": ENTITY,
    "agent_id_number": ENTITY,
}


@dataclass(frozen=True)
class Floor:
    """``fields`` with their flags; ``columns`` that every row fills; ``blank_columns`` that stand even when a row has
    nothing there; ``notes``, ``boxes``, and how many copies at least. ``words``: coded values that
    must have words; ``said``: the values a printed note may quote."""

    fields: Mapping[str, str]
    columns: tuple[str, ...]
    boxes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    blank_columns: tuple[str, ...] = ()
    blank_fields: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    copies: int = 1
    said: tuple[str, ...] = ()


FLOORS: Mapping[str, Floor] = {
    RETURN_STATEMENT: Floor(
        fields={"instrument_kind": "", "returned_at": "", "returner": ""},
        columns=("fact", "law"),
        boxes=("returner_seal", "handled_by", "reviewed_by"),
    ),
    COUNTERFEIT_CERTIFICATE: Floor(
        fields={"unit": "", "unit_phone": "", **_HOLDER},
        columns=("currency", "denomination", "series", "pieces", "amount"),
        blank_columns=("serial",),
        blank_fields=("contact", "agent_contact", "remarks", "total_amount"),
        notes=("law", "appraisal", "review"),
        boxes=("holder_signature", "unit_seal", "handled_by", "reviewed_by"),
        words=_HOLDER_WORDS,
        copies=2,
        said=("appraisal_until", "review_until"),
    ),
    EXCHANGE_FINDING: Floor(
        fields={"unit": "", "unit_phone": "", "found_on": "", **_HOLDER},
        columns=("denomination", "series", "remaining", "finding", "worth", "ground"),
        blank_columns=("serial",),
        notes=("law", "returned", "appeal"),
        boxes=("holder_signature", "unit_seal", "handled_by", "reviewed_by"),
        words=(
            *_HOLDER_WORDS,
            *(f"finding.{one}" for one in ("full", "half", "none")),
            *(f"damage.{one}" for one in ("ordinary", "special")),
            "appeal_to.local",
        ),
        copies=2,
        said=("appeal_to",),
    ),
    LARGE_VALUE_LIST: Floor(
        fields={"unit": "", "business_date": "", "count": ""},
        columns=(
            "number",
            "transaction",
            "kind",
            "party",
            "name",
            "account",
            "amount",
            "day_total",
            "triggers",
            "due",
        ),
        boxes=("handled_by", "reviewed_by"),
    ),
}


def flags_of(floor: Floor) -> frozenset[str]:
    """The flags under which a field may hang: a form can hide a legal field behind no other."""
    return frozenset(floor.fields.values()) | {"", INDIVIDUAL, ENTITY}
