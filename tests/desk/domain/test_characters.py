"""Unusual characters of a name, by kind and place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.characters import CharacterKind, CharacterRemark, remarks

PRIVATE, HOLE, DIRECTION = CharacterKind.PRIVATE_USE, CharacterKind.UNASSIGNED, CharacterKind.DIRECTION
INVISIBLE, BEYOND, RARE = CharacterKind.INVISIBLE, CharacterKind.SUPPLEMENTARY, CharacterKind.RARE


@pytest.mark.parametrize(
    "name", ["", "王小明", "阿依古丽·买买提", "JOHN O'NEILL", "上海恒达（集团）有限公司", "张　三", "—"]
)
def test_a_name_that_any_system_holds_has_no_remark(name: str) -> None:
    assert remarks(name) == ()


@pytest.mark.parametrize(
    ("char", "code_point", "kind"),
    [
        ("\ue863", "U+E863", PRIVATE),
        ("\U000f0000", "U+F0000", PRIVATE),
        ("\U0010fffd", "U+10FFFD", PRIVATE),
        ("\u0378", "U+0378", HOLE),
        ("\ud842", "U+D842", HOLE),
        ("\uffff", "U+FFFF", HOLE),
        ("\U0003fffe", "U+3FFFE", HOLE),
        *[(char, f"U+{ord(char):04X}", DIRECTION) for char in "\u200e\u200f\u202a\u202e\u2066\u2069\u061c"],
        ("\u200b", "U+200B", INVISIBLE),
        ("\u200d", "U+200D", INVISIBLE),
        ("\ufeff", "U+FEFF", INVISIBLE),
        ("\u00ad", "U+00AD", INVISIBLE),
        ("\0", "U+0000", INVISIBLE),
        ("\n", "U+000A", INVISIBLE),
        ("\u2028", "U+2028", INVISIBLE),
        ("\u00a0", "U+00A0", INVISIBLE),
        ("\u2003", "U+2003", INVISIBLE),
        ("\u3164", "U+3164", INVISIBLE),
        ("\u034f", "U+034F", INVISIBLE),
        ("\ufe0f", "U+FE0F", INVISIBLE),
        ("\U000e0101", "U+E0101", INVISIBLE),
        ("\U0002cb7c", "U+2CB7C", BEYOND),
        ("\U00031350", "U+31350", BEYOND),
        ("\U0002ebf0", "U+2EBF0", BEYOND),
        ("\U00033479", "U+33479", BEYOND),
        ("\U0001f600", "U+1F600", BEYOND),
        ("䶮", "U+4DAE", RARE),
        ("龴", "U+9FB4", RARE),
        ("镕", "U+9555", RARE),
        ("陳", "U+9673", RARE),
        ("・", "U+30FB", RARE),
        ("É", "U+00C9", RARE),
    ],
)
def test_a_character_is_named_with_its_place_code_point_and_gravest_kind(
    char: str, code_point: str, kind: CharacterKind
) -> None:
    assert remarks(f"李{char}明") == (CharacterRemark(1, char, code_point, kind),)


def test_places_count_code_points_beyond_the_basic_plane_too() -> None:
    found = remarks("𬭼王䶮\u202e")
    assert [(one.index, one.kind) for one in found] == [(0, BEYOND), (2, RARE), (3, DIRECTION)]


@given(st.text())
def test_any_text_is_remarked_on_where_its_characters_stand(text: str) -> None:
    found = remarks(text)
    assert all(text[one.index] == one.char and chr(int(one.code_point[2:], 16)) == one.char for one in found)
    assert [one.index for one in found] == sorted({one.index for one in found})
    rest = [char for index, char in enumerate(text) if index not in {one.index for one in found}]
    assert remarks("".join(rest)) == ()
