"""The index of account names: nothing readable at rest, exact means the same normal form, near misses nobody."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from desk.domain.account_name import normalised
from desk.domain.refusals import Refusal, RefusalCode
from desk.persistence.name_index import KEY_LENGTH, NameHit, NameIndex
from desk.persistence.near_names import LONGEST_QUERY, NearName, NearNames, simplified_form
from tests.benchmarks.name_corpus import names, queries

KEY, OTHER_KEY = bytes(range(KEY_LENGTH)), bytes(KEY_LENGTH)
HOLDERS = [
    ("acc-1", "王小明"),
    ("acc-2", "王小明"),
    ("acc-3", "王晓明"),
    ("acc-4", "陳麗華"),
    ("acc-5", "陈丽华"),
    ("acc-6", "阿依古丽•买买提"),
    ("acc-7", "O’Neill  John"),
    ("acc-8", "上海恒达（集团）有限公司"),
    ("acc-9", "李𬭼"),
]


def opened(path: Path, key: bytes = KEY) -> NameIndex:
    index = NameIndex.open(path, key)
    assert isinstance(index, NameIndex)
    return index


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "names.db"


@pytest.fixture
def index(path: Path) -> Iterator[NameIndex]:
    found = opened(path)
    found.fill(HOLDERS)
    yield found
    found.close()


def near(index: NameIndex, name: str, limit: int = 10) -> tuple[NameHit, ...]:
    hits = index.near(name, limit)
    assert not isinstance(hits, Refusal)
    return hits


# --- exact ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "accounts"),
    [
        ("王小明", ("acc-1", "acc-2")),
        (" 王　小明\u200b", ("acc-1", "acc-2")),
        ("王晓明", ("acc-3",)),
        ("陳麗華", ("acc-4",)),
        ("陈丽华", ("acc-5",)),
        ("阿依古丽·买买提", ("acc-6",)),
        ("o'neill john", ("acc-7",)),
        ("上海恒达(集团)有限公司", ("acc-8",)),
        ("李𬭼", ("acc-9",)),
        ("王小", ()),
        ("", ()),
        ("\u200b ", ()),
        ("' OR 1=1 --", ()),
        ("王\0小明", ()),
        ("\ud842", ()),
    ],
)
def test_exact_is_the_same_normal_form_and_nothing_else(
    index: NameIndex, name: str, accounts: tuple[str, ...]
) -> None:
    assert index.exact(name) == accounts


def test_exact_finds_every_holder_of_a_few_thousand_names(path: Path) -> None:
    index = opened(path)
    accounts = [(f"acc-{number}", name) for number, name in enumerate(names(3000, seed=5))]
    index.fill(accounts)
    assert len(index) == len(accounts)
    by_form: dict[str, set[str]] = {}
    for account_id, name in accounts:
        by_form.setdefault(normalised(name), set()).add(account_id)
    assert all(set(index.exact(name)) == by_form[normalised(name)] for _, name in accounts)


# --- at rest --------------------------------------------------------------------------------------------------


def test_nothing_of_a_name_is_readable_in_the_file(index: NameIndex, path: Path) -> None:
    near(index, "王小明")
    stored = path.read_bytes()
    for _, name in HOLDERS:
        for text in (name, normalised(name), name[-2:]):
            assert text.encode() not in stored
            assert text.encode("utf-16-le") not in stored
    assert b"acc-1" in stored
    assert path.stat().st_mode & 0o077 == 0


def test_a_row_does_not_tell_which_accounts_have_like_names_but_for_equal_ones(path: Path) -> None:
    index = opened(path)
    index.fill(HOLDERS)
    rows = sqlite3.connect(path).execute("SELECT name_hash, sealed FROM account_name").fetchall()
    assert len({one for one, _ in rows}) == len(HOLDERS) - 1
    assert len({one for _, one in rows}) == len(HOLDERS)


def test_another_key_finds_nothing_and_begins_anew(index: NameIndex, path: Path) -> None:
    index.close()
    again = opened(path)
    assert not again.is_new
    assert again.exact("王晓明") == ("acc-3",)
    again.close()
    other = opened(path, OTHER_KEY)
    assert other.is_new
    assert len(other) == 0
    assert other.exact("王晓明") == ()


def test_a_file_that_was_begun_and_never_filled_is_begun_anew(path: Path) -> None:
    index = opened(path)
    assert index.is_new
    index.put("acc-1", "王小明")
    index.close()
    again = opened(path)
    assert again.is_new
    assert len(again) == 0
    again.fill(HOLDERS)
    assert not again.is_new


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400, b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_index_is_replaced(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    index = opened(path)
    assert index.is_new
    index.fill(HOLDERS)
    assert index.exact("王晓明") == ("acc-3",)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    refused = NameIndex.open(tmp_path / "nowhere" / "names.db", KEY)
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.NOT_RECORDED
    with pytest.raises(ValueError, match="32 bytes"):
        NameIndex.open(tmp_path / "names.db", b"short")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account_name SET sealed=zeroblob(40) WHERE account_id='acc-1'",
        "UPDATE account_name SET sealed=(SELECT sealed FROM account_name WHERE account_id='acc-3') "
        "WHERE account_id='acc-1'",
        "UPDATE account_name SET sealed=x'00' WHERE account_id='acc-1'",
    ],
)
def test_a_changed_row_is_found_when_names_are_opened(index: NameIndex, path: Path, change: str) -> None:
    with sqlite3.connect(path) as other:
        other.execute(change)
    refused = index.near("王小明")
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.CHAIN_BROKEN
    index.erase("acc-1")
    assert near(index, "王小明")[0].account_ids == ("acc-2",)


# --- near -----------------------------------------------------------------------------------------------------


def test_near_tells_name_distance_and_accounts_the_likely_first(index: NameIndex) -> None:
    assert near(index, "王小明", 2) == (
        NameHit("王小明", 0, ("acc-1", "acc-2")),
        NameHit("王晓明", 1, ("acc-3",)),
    )
    assert near(index, "王明小")[0] == NameHit("王小明", 1, ("acc-1", "acc-2"))
    assert near(index, "oneill john")[0] == NameHit("O'NEILL JOHN", 1, ("acc-7",))


@pytest.mark.parametrize("typed", ["陳麗華", "陈丽华", "陳丽华"])
def test_traditional_and_simplified_are_one_to_the_near_search(index: NameIndex, typed: str) -> None:
    assert near(index, typed)[:2] == (NameHit("陈丽华", 0, ("acc-5",)), NameHit("陳麗華", 0, ("acc-4",)))


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "%_*?", "\0", "x" * (LONGEST_QUERY + 1), "王" * 100_000, "\ud842\udc00", "😀"]
)
def test_a_hostile_query_finds_nothing_and_breaks_nothing(index: NameIndex, name: str) -> None:
    assert near(index, name) == ()
    assert near(index, "王小明", 0) == near(index, "王小明", -1) == ()
    assert near(index, "王晓明")[0].distance == 0


def test_what_is_put_and_erased_later_is_found_and_forgotten(index: NameIndex) -> None:
    def at_no_distance(name: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(hit.name, hit.account_ids) for hit in near(index, name) if hit.distance == 0]

    near(index, "王小明")
    index.put("acc-10", "欧阳晓岚")
    assert near(index, "欧阳小岚")[0] == NameHit("欧阳晓岚", 1, ("acc-10",))
    index.put("acc-10", "歐陽曉嵐")
    assert at_no_distance("欧阳晓岚") == [("歐陽曉嵐", ("acc-10",))]
    index.put("acc-10", "")
    assert at_no_distance("欧阳晓岚") == []
    index.erase("acc-1")
    assert at_no_distance("王小明") == [("王小明", ("acc-2",))]
    index.erase("acc-2")
    assert index.exact("王小明") == ()
    assert [hit.name for hit in near(index, "王小明")] == ["王晓明"]
    index.erase("acc-4")
    assert at_no_distance("陳麗華") == [("陈丽华", ("acc-5",))]
    index.put("acc-4", "陳麗華")
    index.erase("acc-5")
    assert at_no_distance("陈丽华") == [("陳麗華", ("acc-4",))]
    index.erase("acc-none")
    assert len(index) == 6


def test_what_failed_half_way_leaves_what_was(index: NameIndex) -> None:
    near(index, "王小明")
    with pytest.raises(sqlite3.IntegrityError):
        index.fill([("acc-1", "张伟"), ("acc-1", "张玮")])
    assert index.exact("张伟") == ()
    assert near(index, "王晓明")[0] == NameHit("王晓明", 0, ("acc-3",))
    assert len(index) == len(HOLDERS)


# --- the search itself, beside looking at every name ----------------------------------------------------------


def distances(found: tuple[NearName, ...]) -> list[int]:
    return [one.distance for one in found]


def has_in_common(left: str, right: str) -> bool:
    """A Chinese character or a separator, or two letters in a row."""
    shared = set(left) & set(right)
    pairs = {left[at : at + 2] for at in range(len(left) - 1)}
    return any(not char.isascii() or char in "()" for char in shared) or any(
        pair.isascii() and pair.isalnum() and pair in right for pair in pairs
    )


def holding(held: Iterable[str]) -> NearNames:
    near_names = NearNames()
    for name in held:
        near_names.add(name)
    return near_names


def assert_none_missed(
    found: tuple[NearName, ...], typed: str, everyone: Collection[str], limit: int
) -> None:
    """Beside scoring every name: one that has anything in common is never nearer than what stands in its place."""
    common = sorted(OSA.distance(typed, name) for name in everyone if has_in_common(typed, name))[:limit]
    assert [OSA.distance(typed, one.name) for one in found] == distances(found) == sorted(distances(found))
    assert limit >= len({one.name for one in found}) == len(found) >= len(common)
    assert all(near <= far for near, far in zip(distances(found), common, strict=False)), typed


@pytest.mark.parametrize("limit", [1, 10, 40])
def test_of_a_few_thousand_names_no_nearer_one_is_missed(limit: int) -> None:
    corpus = names(4000, seed=6)
    everyone = sorted({simplified_form(normalised(name)) for name in corpus})
    near_names = holding(everyone)
    full = 0
    for _, _, _, typed in queries(corpus, 6, seed=7):
        form = simplified_form(normalised(typed))
        found = near_names.nearest(form, limit)
        assert_none_missed(found, form, everyone, limit)
        full += len(found) == limit
    assert full > 4 * 8 * 6 // 2


@settings(max_examples=300)
@given(
    st.sets(st.text("王小明晓·()ABCé", min_size=1, max_size=7), max_size=60),
    st.text("王小明未·()ABD", min_size=1, max_size=7),
    st.integers(1, 12),
)
def test_among_names_much_alike_none_is_missed(held: set[str], typed: str, limit: int) -> None:
    """Few characters: the worst that marks and lengths can be asked to tell apart."""
    assert_none_missed(holding(held).nearest(typed, limit), typed, held, limit)


def test_the_same_names_are_the_same_answer_however_they_came(path: Path) -> None:
    accounts = [(f"acc-{number}", name) for number, name in enumerate(names(2000, seed=8))]
    answers = []
    for order in (accounts, accounts[::-1]):
        index = opened(path)
        index.fill(order)
        answers.append([near(index, name[:-1]) for _, name in accounts[:200]])
        index.close()
    assert answers[0] == answers[1]


def test_all_names_at_one_edit_are_seen_so_that_the_likely_ones_come_first() -> None:
    """A hundred names differ in one character; the one that sounds the same stands first wherever it was added."""
    others = [f"王{chr(0x4E00 + 7 * number)}明" for number in range(100)]
    for order in (others, others[::-1], random.Random(1).sample(others, 100)):
        near_names = holding([*order[:50], "王晓明", *order[50:]])
        assert near_names.nearest("王小明")[0] == NearName("王晓明", 1)


def test_a_name_is_in_it_until_it_is_removed() -> None:
    near_names = holding(["JOHN SMITH", "JOHN SMYTH", "王小明", "王小明ABC"])
    assert "JOHN SMITH" in near_names
    assert "SMITH JOHN" not in near_names
    assert "" not in near_names
    for name in ("JOHN SMITH", "王小明ABC"):
        near_names.remove(name)
        assert name not in near_names
        assert near_names.nearest(name)[0].distance > 0
    assert near_names.nearest("JOHN SMITH")[0] == NearName("JOHN SMYTH", 1)
