"""What each kind of field takes, and how what is none of it is named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import KINDS, BadValue, Field, Limit, Shape, Topic, read_field

GOOD: list[tuple[str, Any, Any]] = [
    ("text", "a", "a"),
    ("texts", ["a", "b"], ("a", "b")),
    ("whole", 0, 0),
    ("yes_no", False, False),
    ("day", date(2026, 1, 2), "2026-01-02"),
    ("days", [], ()),
    ("days", [date(2026, 1, 2)], ("2026-01-02",)),
    ("words", {"zh": "甲", "en": "A"}, Text("甲", "A")),
    ("share", "3/4", (3, 4)),
    ("amount", "50000.00", 5_000_000),
    ("limit", {"amount": "0.01", "inclusive": False}, Limit(1, False)),
    ("table", {"a": "b"}, {"a": "b"}),
]
BAD: list[tuple[str, Any]] = [
    ("text", " "), ("text", 1), ("texts", []), ("texts", "a"), ("texts", [1]), ("whole", -1), ("whole", True),
    ("whole", "1"), ("yes_no", 1), ("day", "2026-01-02"), ("day", datetime(2026, 1, 2)), ("days", "x"),
    ("days", ["x"]), ("words", {"zh": "甲"}), ("words", "甲"), ("words", {"zh": "甲", "en": ""}), ("share", "3/0"),
    ("share", 0.75), ("share", "0.75"), ("amount", 50_000), ("amount", "0"), ("limit", "50000.00"),
    ("limit", {"amount": "50000.00"}), ("pattern", "("), ("pattern", 1), ("table", []), ("table", {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "read"), GOOD)
def test_a_value_of_its_kind_is_read(kind: str, given: Any, read: Any) -> None:
    assert read_field(Field(kind), given) == read


@pytest.mark.parametrize(("kind", "given"), BAD)
def test_a_value_of_another_kind_is_refused(kind: str, given: Any) -> None:
    with pytest.raises(BadValue, match=r"."):
        read_field(Field(kind), given)


def test_every_kind_is_tried() -> None:
    assert {kind for kind, *_ in GOOD} | {"pattern"} == set(KINDS)
    assert read_field(Field("pattern"), "a+").fullmatch("aa")


def test_a_closed_text_names_what_it_may_be() -> None:
    one = Field("texts", allowed=frozenset({"a", "b"}))
    assert read_field(one, ["b"]) == ("b",)
    with pytest.raises(BadValue, match=r"'c' is none of \['a', 'b'\]"):
        read_field(one, ["c"])


def test_a_rule_has_its_shape_by_its_id_or_by_its_family() -> None:
    exact, family = Shape(), Shape({"x": Field("text")})
    topic = Topic("t", Text("甲", "T"), {"CAL-1": exact}, {"CAL-": family})
    assert topic.shape_of("CAL-1") is exact
    assert topic.shape_of("CAL-2") is family
    assert topic.shape_of("DAY-1") is None
