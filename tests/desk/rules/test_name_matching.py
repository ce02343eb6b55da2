"""Matching of names: each detector with what it must and must not take, the order among them, and what holds for any
two texts (counter-rules §2.2–2.4).
"""

from __future__ import annotations

import opencc
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desk.domain.account_name import REASONS, MatchResult, NameMatch, normalised
from desk.rules.names.matching import match_names
from desk.rules.names.readings import readings, sound_alike, spellings, toneless
from tests.desk.rules import name_pack
from tests.desk.rules.name_pack import PARAMETERS

R = MatchResult
E, S, NO = R.NEAR_E, R.NEAR_S, R.NO_MATCH
HENGTONG = "上海恒通科技有限公司"
LONG = "新疆维吾尔自治区乌鲁木齐市天山区和平路东段综合开发建设有限责任公司"

PARENT = LONG[:19] + "有限责任公司"

CASES: list[tuple[str, str, str, MatchResult, str]] = [
    # TRAD: one-to-many included, never better than a doubt; phrases that stay traditional are another name
    ("one to many", "李乾", "李干", E, "TRAD"),
    ("one to many, compound surname", "歐陽后", "欧阳後", E, "TRAD"),
    ("both traditional", "王發", "王髮", E, "TRAD"),
    ("kept in a phrase", "李乾坤", "李干坤", S, "HOMOPHONE"),
    # private use
    ("private on both sides", "李\ue863", "李\ue863", E, "PUA"),
    ("private of the wrong character", "李\ue864", "李䶮", NO, "DIFFERENT"),
    ("private and unknown private", "李\ue863", "李\ue000", R.NOT_CHECKABLE, "PRIVATE_USE"),
    ("private, another surname", "王\ue863", "李䶮", NO, "SURNAME"),
    ("private and traditional", "呂\ue863", "吕䶮", E, "PUA TRAD"),
    ("private and homophone", "吕\ue863伟", "吕䶮玮", S, "HOMOPHONE PUA"),
    # dots
    ("enumeration comma", "买买提、吐尔逊", "买买提·吐尔逊", E, "DOT_KIND"),
    ("hyphen", "买买提—吐尔逊", "买买提·吐尔逊", E, "DOT_KIND"),
    ("space for the dot", "买买提 吐尔逊", "买买提·吐尔逊", E, "DOT_MISSING"),
    ("two kinds of stop", "买买提．吐尔逊", "买买提。吐尔逊", E, "DOT_KIND"),
    ("a stop and nothing", "买买提.吐尔逊", "买买提吐尔逊", E, "DOT_KIND DOT_MISSING"),
    ("a stop after Latin is no dot", "甲A.乙", "甲A·乙", NO, "DIFFERENT"),
    ("nothing but dots", "·", "··", NO, "DIFFERENT"),
    # pinyin in place of a character
    ("v for ü", "李LV", "李吕", E, "PINYIN_PLACEHOLDER"),
    ("yu for ü", "LYU伟", "吕伟", E, "PINYIN_PLACEHOLDER"),
    ("ü itself, small", "lü伟", "吕伟", E, "PINYIN_PLACEHOLDER"),
    ("with its tone", "李yǎn", "李䶮", E, "PINYIN_PLACEHOLDER DIACRITIC"),
    ("every reading", "王LE", "王乐", E, "PINYIN_PLACEHOLDER"),
    ("every reading, the other", "王YUE", "王乐", E, "PINYIN_PLACEHOLDER"),
    ("no reading of it", "王WANG", "王乐", NO, "DIFFERENT"),
    ("in the middle", "王 yan 明", "王䶮明", E, "PINYIN_PLACEHOLDER"),
    ("with a tone's figure", "王YAN3", "王䶮", NO, "DIFFERENT"),
    ("two characters", "WANGYAN", "王䶮", NO, "DIFFERENT"),
    ("all of the name", "YAN", "䶮", NO, "DIFFERENT"),
    ("and another surname", "李YAN", "王䶮", NO, "SURNAME"),
    ("and traditional", "張YAN", "张䶮", E, "PINYIN_PLACEHOLDER TRAD"),
    ("a reading that is nothing", "李", "李䶮", NO, "DIFFERENT"),
    # accents
    ("ß", "Weiß", "WEISS", E, "DIACRITIC"),
    ("ß as a capital", "WEIẞ", "Weiss", E, "DIACRITIC"),
    ("accent on another letter", "Jósé Smith", "Jose Smíth", E, "DIACRITIC"),
    ("stroke is no accent", "Søren Holm", "Soren Holm", S, "TYPO"),
    ("a voiced kana is another sound", "はが", "はか", NO, "DIFFERENT"),
    # cut off
    ("a Han does not fit any more", "A" + LONG[:24], "A" + LONG, E, "TRUNCATED"),
    ("room is left", LONG[:24], LONG, NO, "DIFFERENT"),
    ("cut off and traditional", LONG[:25].replace("东", "東"), LONG, E, "TRUNCATED TRAD"),
    ("cut off and another name", "西" + LONG[1:25], LONG, NO, "DIFFERENT"),
    ("a whole parent is not its branch cut off", PARENT, PARENT + "北京分公司", NO, "BRANCH"),
    # order of words
    ("comma", "SMITH, JOHN", "John Smith", S, "ORDER"),
    ("initials", "John F. Kennedy", "Kennedy John F", S, "ORDER"),
    ("order and accents", "José Smith", "SMITH JOSE", S, "ORDER DIACRITIC"),
    ("a word twice", "John John Smith", "Smith Smith John", NO, "DIFFERENT"),
    # forms of companies
    ("limited liability", HENGTONG, "上海恒通科技有限责任公司", S, "COMPANY_FORM"),
    ("group", "北京华信(集团)有限公司", "北京华信集团公司", S, "COMPANY_FORM"),
    ("a form left out", "上海恒通科技", HENGTONG, S, "COMPANY_FORM"),
    ("form and script", "上海恒通科技股份有限公司", "上海恆通科技有限公司", S, "COMPANY_FORM TRAD"),
    ("branches of two forms", "甲乙有限公司北京分公司", "甲乙有限责任公司北京分公司", S, "COMPANY_FORM"),
    ("nothing but form", "有限公司", "股份有限公司", NO, "DIFFERENT"),
    ("Latin forms", "Hengtong Trading Ltd", "HENGTONG TRADING CO., LTD.", S, "COMPANY_FORM"),
    ("a person and a Latin company", "John Smith", "John Smith Ltd", NO, "HOLDER_KIND"),
    # one character of a company
    ("missing", "上海恒通科技有限公司", "上海恒通科技股有限公司", S, "ONE_CHAR"),
    ("swapped", "上海恒通科技有限公司", "上海通恒科技有限公司", S, "ONE_CHAR"),
    ("sounds the same besides", HENGTONG, "上海恒同科技有限公司", S, "HOMOPHONE ONE_CHAR"),
    ("too short", "恒通公司", "恒达公司", NO, "DIFFERENT"),
    ("long enough", "恒通甲乙公司", "恒达甲乙公司", S, "ONE_CHAR"),
    ("a branch one character from its parent", "上海恒通科技公司", "上海恒通科技分公司", NO, "BRANCH"),
    ("a company's word misspelt", "上海恒通科技有限公司", "上海恒通科技有限公言", S, "ONE_CHAR"),
    ("a plant", "北京第一机床厂", "北京第二机床厂", S, "ONE_CHAR"),
    # homophones
    ("compound surname", "欧阳娜", "欧阳那", S, "HOMOPHONE"),
    ("a compound surname of two characters", "司马", "司玛", S, "HOMOPHONE"),
    ("surname", "张伟", "章伟", NO, "SURNAME"),
    ("tone counts", "张伟", "张威", NO, "DIFFERENT"),
    ("a reading of several", "王重", "王崇", S, "HOMOPHONE"),
    ("two characters", "李晓伟", "李小玮", NO, "DIFFERENT"),
    ("minority, later part", "买买提·吐尔逊", "买买提·吐尔江", NO, "DIFFERENT"),
    ("minority, later part, same sound", "买买提·如则", "买买提·如泽", S, "HOMOPHONE"),
    ("minority, first part", "如则·买买提", "如泽·买买提", NO, "SURNAME"),
    ("minority, later part, dot missing", "买买提·如则", "买买提如泽", S, "HOMOPHONE DOT_MISSING"),
    ("minority, first part, dot missing", "如则·买买提", "如泽买买提", NO, "SURNAME"),
    ("unknown readings", "王\U00030000", "王\U00030001", NO, "DIFFERENT"),
    # spelling
    ("swapped letters", "JHON", "JOHN", S, "TYPO"),
    ("two letters of a long name", "MARGARET THATSHR", "MARGARET THATCHER", S, "TYPO"),
    ("two letters of a short name", "JOAN", "JUHN", NO, "DIFFERENT"),
    ("eight letters are long", "ABCDEFGH", "ABCDEFXY", S, "TYPO"),
    ("seven are not", "ABCDEFG", "ABCDEXY", NO, "DIFFERENT"),
    ("all there is of it", "A", "B", NO, "DIFFERENT"),
    ("joined", "MARY ANN", "MARYANN", S, "TYPO"),
    ("spelling and accents", "José Garca", "JOSE GARCIA", S, "TYPO DIACRITIC"),
    ("surname before a comma", "SMITH, JOHN", "SMYTH, JOHN", NO, "SURNAME"),
    ("given name behind a comma", "SMITH, JOHN", "SMITH, JON", S, "TYPO"),
    # look alike: a hint beside a stop
    ("look alike", "王晴", "王睛", NO, "DIFFERENT LOOKALIKE"),
    ("look alike, surname", "侯伟", "候伟", NO, "SURNAME LOOKALIKE"),
    ("look alike in Latin", "B0B", "8OB", NO, "DIFFERENT"),
    # kinds of holder
    ("scripts apart", "上海恒通有限公司", "John Smith", NO, "DIFFERENT"),
    ("a name, not a school", "张大学", "张大雪", NO, "DIFFERENT"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "one", "other", "result", "reasons"), CASES, ids=[c[0] for c in CASES])
def test_what_each_detector_takes_both_ways_round(
    what: str, one: str, other: str, result: MatchResult, reasons: str
) -> None:
    for voucher, account in ((one, other), (other, one)):
        assert match_names(voucher, account, PARAMETERS) == NameMatch(result, tuple(reasons.split()))


# --- what a bank may set ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        ("NM-TRAD", "吕布", "呂布"),
        ("NM-DOT_KIND", "买买提.吐尔逊", "买买提·吐尔逊"),
        ("NM-DOT_MISSING", "买买提吐尔逊", "买买提·吐尔逊"),
        ("NM-PINYIN_PLACEHOLDER", "李YAN", "李䶮"),
        ("NM-TRUNCATED", LONG[:25], LONG),
        ("NM-HOMOPHONE", "张伟", "张玮"),
        ("NM-COMPANY_FORM", HENGTONG, "上海恒通科技股份有限公司"),
        ("NM-ONE_CHAR", HENGTONG, "上海恒达科技有限公司"),
        ("NM-ORDER", "John Smith", "SMITH JOHN"),
        ("NM-TYPO", "Jon Smith", "John Smith"),
    ],
)
def test_a_detector_that_is_off_never_speaks(rule: str, one: str, other: str) -> None:
    assert match_names(one, other, name_pack.without(rule)).result is NO


def test_accents_are_no_doubt_where_the_bank_says_so() -> None:
    found = match_names("José García", "Jose Garcia", name_pack.without("NM-DIACRITIC"))
    assert found == NameMatch(S, ("TYPO",))


def test_private_use_without_the_table_cannot_be_read() -> None:
    assert match_names("李\ue863", "李䶮", name_pack.without("NM-PUA")).result is R.NOT_CHECKABLE


def test_a_line_of_the_table_that_names_no_character_explains_nothing() -> None:
    mapping = {"U+E863": "U+110000", "E864": "U+4DAE", "U+E865": "U+4DAE"}
    parameters = name_pack.given("NM-PUA", mapping=mapping)
    found = [match_names(f"李{one}", "李䶮", parameters).result for one in "\ue863\ue864\ue865"]
    assert found == [R.NOT_CHECKABLE, R.NOT_CHECKABLE, E]


def test_a_bank_may_promote_its_own_vetted_table() -> None:
    promoted = name_pack.given("NM-PUA", promoted=True)
    assert match_names("李\ue863", "李䶮", promoted) == NameMatch(R.NORMALISED, ("PUA",))
    assert match_names("李\ue863", "李䶮 ", promoted) == NameMatch(R.NORMALISED, ("PUA",))
    assert match_names("呂\ue863", "吕䶮", promoted) == NameMatch(E, ("PUA", "TRAD"))
    assert match_names("李\ue863", "王䶮", promoted).result is NO


def test_a_stricter_bank_calls_an_encoding_doubt_one_of_substance() -> None:
    strict = name_pack.given("NM-TRAD", **{"class": "S"})
    assert match_names("吕布", "呂布", strict) == NameMatch(S, ("TRAD",))
    assert match_names("呂布·甲", "吕布.甲", strict) == NameMatch(S, ("TRAD", "DOT_KIND"))
    assert match_names("吕布·甲", "吕布.甲", strict) == NameMatch(E, ("DOT_KIND",))


def test_without_tones_more_characters_sound_alike() -> None:
    assert match_names("张伟", "张威", name_pack.given("NM-HOMOPHONE", tone_counts=False)) == NameMatch(
        S, ("HOMOPHONE",)
    )


def test_a_width_belongs_to_a_channel() -> None:
    wide = name_pack.given("NM-TRUNCATED", widths={"counter": "50", "remittance": "60", "garbled": "sixty"})
    at = {
        channel: match_names(LONG[:30], LONG, wide, channel).result
        for channel in ("", "remittance", "garbled")
    }
    assert at == {"": NO, "remittance": E, "garbled": NO}


def test_a_person_is_not_a_company_cut_off_however_narrow_the_field() -> None:
    narrow = name_pack.given("NM-TRUNCATED", widths={"counter": "4"})
    assert match_names("张伟", "张伟有限公司", narrow) == NameMatch(NO, ("HOLDER_KIND",))
    assert match_names("王芳", "王芳芳", narrow) == NameMatch(E, ("TRUNCATED",))
    latin = name_pack.given("NM-TRUNCATED", widths={"counter": "16"})
    assert match_names("HENGTONG TRADING", "Hengtong Trading Ltd", latin) == NameMatch(E, ("TRUNCATED",))


def test_no_stand_ins_leave_every_other_dot_another_name() -> None:
    found = match_names("买买提.吐尔逊", "买买提·吐尔逊", name_pack.given("NM-DOT_KIND", stand_ins="&"))
    assert found.result is NO


def test_a_registered_short_form_is_the_entity_and_nobody_else() -> None:
    short = ("恒通科技", "ＨＴ")
    assert match_names("恒通 科技", HENGTONG, PARAMETERS, "", short) == NameMatch(
        R.NORMALISED, ("SHORT_FORM",)
    )
    assert match_names("ht", HENGTONG, PARAMETERS, "", short).reasons == ("SHORT_FORM",)
    assert match_names("恒达科技", HENGTONG, PARAMETERS, "", short).result is NO
    assert match_names("恒通科技", HENGTONG, name_pack.without("NM-SHORT_FORM"), "", short).result is NO
    assert match_names("\ue863通", HENGTONG, PARAMETERS, "", ("䶮通",)).result is NO


# --- readings -----------------------------------------------------------------------------------------------------


def test_readings_are_all_there_are() -> None:
    assert readings("乐") == {"lè", "yuè"}
    assert toneless("女") == {"nü", "ru"}
    assert spellings("女") == {"NÜ", "NV", "NU", "NYU", "RU"}
    assert {"MING", "MENG"} == spellings("明")
    assert readings("A") == frozenset()
    assert sound_alike("晓", "小", tone_counts=True)
    assert not sound_alike("明", "朋", tone_counts=False)


# --- what holds for any two names ---------------------------------------------------------------------------------

_SIMPLIFIED = opencc.OpenCC("t2s")
_READABLE = (
    "张章伟玮威李䶮龑吕呂乾干后後欧阳司马买提阿卜上海恒通达科技股份有限责任公司集团分厂北京"
    "·•．.。、-—  \u3000\u00a0\u200b\ufe00\ufeffＡａBYANyanLVéüßJohnSmith'’,（）()\uf980"
)
_UNREADABLE = "〔〕？□*\ue863\ue000\u202e\ud800\t"
READABLE = st.one_of(st.sampled_from(_READABLE), st.characters(categories=("L", "Mn", "Nd", "Zs")))
ANY = st.one_of(READABLE, st.sampled_from(_UNREADABLE), st.characters(exclude_categories=()))


@st.composite
def pairs(draw: st.DrawFn, alphabet: st.SearchStrategy[str]) -> tuple[str, str]:
    """Two names that are near one another more often than chance would have it."""
    name = draw(st.text(alphabet, max_size=10))
    other = list(name)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(other)))
        other[place : place + draw(st.integers(0, 1))] = draw(st.text(alphabet, max_size=1))
    return (name, "".join(other)) if draw(st.booleans()) else (name, draw(st.text(alphabet, max_size=10)))


NAMES = st.text(ANY, max_size=10)
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
INVISIBLE = st.sampled_from("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe00\ufe0f\U000e0100")
RANK = (R.NOT_CHECKABLE, R.NO_MATCH, R.NEAR_S, R.NEAR_E, R.NORMALISED, R.EXACT)


@given(pairs(ANY))
def test_any_two_texts_have_one_answer_that_does_not_depend_on_the_order(pair: tuple[str, str]) -> None:
    one, other = pair
    there, back = match_names(one, other, PARAMETERS), match_names(other, one, PARAMETERS)
    assert there == back
    assert set(there.reasons) <= set(REASONS)
    assert there.agrees or there.reasons


@given(pairs(READABLE))
def test_the_answer_is_stable_under_normalisation(pair: tuple[str, str]) -> None:
    """Names in normal form come out as they did; what was normalised is EXACT, and nothing is hidden any more."""
    one, other = pair
    written = match_names(one, other, PARAMETERS)
    if written.result is R.NOT_CHECKABLE:
        assert match_names(normalised(one), normalised(other), PARAMETERS).result is R.NOT_CHECKABLE
        return
    again = match_names(normalised(one), normalised(other), PARAMETERS)
    if written.agrees:
        assert again.result is R.EXACT
    else:
        assert again.result is written.result
    assert [code for code in written.reasons if not code.startswith("had_")] == list(again.reasons)


@given(
    st.text(HAN, min_size=2, max_size=4) | st.text(HAN, min_size=2, max_size=8).map(lambda n: f"{n}有限公司"),
    HAN,
    st.data(),
)
def test_a_character_of_substance_changed_is_never_a_doubt_about_encoding(
    name: str, char: str, data: st.DataObject
) -> None:
    """Of substance is what OpenCC does not take for one character written two ways, alone or in its phrase."""
    place = data.draw(st.integers(0, len(name) - 1))
    other = name[:place] + char + name[place + 1 :]
    assume(_SIMPLIFIED.convert(name) != _SIMPLIFIED.convert(other))
    assert match_names(name, other, PARAMETERS).result in (S, NO)


@given(st.text(HAN, min_size=2, max_size=4), HAN)
def test_another_surname_is_no_match(name: str, char: str) -> None:
    other = char + name[1:]
    assume(_SIMPLIFIED.convert(name)[0] != _SIMPLIFIED.convert(other)[0])
    assert match_names(name, other, PARAMETERS).result is NO


@given(pairs(ANY), INVISIBLE, st.data())
def test_invisible_characters_make_a_match_neither_worse_nor_better(
    pair: tuple[str, str], invisible: str, data: st.DataObject
) -> None:
    one, other = pair
    place = data.draw(st.integers(0, len(one)))
    hidden = one[:place] + invisible + one[place:]
    assume(normalised(hidden) == normalised(one))  # not where it keeps a letter and its accent apart
    before, after = match_names(one, other, PARAMETERS), match_names(hidden, other, PARAMETERS)
    assume("TRUNCATED" not in before.reasons + after.reasons)
    worst = R.NORMALISED if before.agrees else before.result
    assert RANK.index(worst) <= RANK.index(after.result) <= max(RANK.index(before.result), RANK.index(worst))
    if after.result is not R.NOT_CHECKABLE:
        assert after.had_invisible


@given(NAMES)
def test_a_name_is_itself_or_cannot_be_read(name: str) -> None:
    found = match_names(name, name, PARAMETERS)
    assert found.result in ((E,) if "\ue863" in name else (R.EXACT,)) or found.result is R.NOT_CHECKABLE


@given(NAMES, NAMES, st.sampled_from(["", "counter", "unheard of"]), st.lists(NAMES, max_size=2))
def test_no_channel_and_no_short_form_makes_it_raise(
    one: str, other: str, channel: str, short_forms: list[str]
) -> None:
    found = match_names(one, other, PARAMETERS, channel, short_forms)
    if "SHORT_FORM" in found.reasons:
        assert normalised(one) in map(normalised, short_forms)
