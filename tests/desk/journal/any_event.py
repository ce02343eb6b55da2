"""Hypothesis strategies for any event of any values, drawn from the fields' types."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def values(kind: Any, text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Any]:
    """Values of one field's type."""
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: text,
        int: st.integers(-(2**63), 2**63 - 1),
        bool: st.booleans(),
        type(None): st.none(),
    }
    if kind in simple:
        return simple[kind]
    parts = get_args(kind)
    if Ellipsis in parts:
        return st.lists(values(parts[0], text), max_size=3).map(tuple)
    if parts:
        return st.one_of(*(values(part, text) for part in parts))
    return built(kind, text)


def built(kind: type[Any], text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Any]:
    """Instances of a dataclass."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{one.name: values(hints[one.name], text) for one in fields(kind)})
