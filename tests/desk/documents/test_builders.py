"""The four papers: each carries what its law asks for, and is refused, by the names of its fields, when any of it is
missing or contradicts itself. No refusal carries a value of a customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from desk.documents.counterfeit_certificate import WithheldPieces, counterfeit_certificate
from desk.documents.document import (
    BoxKind,
    Document,
    Fields,
    Paragraphs,
    Signatures,
    Table,
    original_of,
    reprinted,
)
from desk.documents.exchange_finding import FoundPiece, exchange_finding
from desk.documents.filling import Clerk, Institution
from desk.documents.floors import FLOORS
from desk.documents.holder import Entity, Individual
from desk.documents.large_value_list import large_value_list
from desk.documents.return_statement import Ground, return_statement
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode
from tests.desk.documents import samples
from tests.desk.documents.samples import a_certificate, a_finding, a_list, a_return, form, heading

Facts = Callable[..., Any]
KINDS: dict[str, tuple[Callable[[Any, Any], Document | Refusal], Facts, Facts]] = {
    "return_statement": (return_statement, a_return, samples.a_long_return),
    "counterfeit_certificate": (counterfeit_certificate, a_certificate, samples.a_long_certificate),
    "exchange_finding": (exchange_finding, a_finding, samples.a_long_finding),
    "large_value_list": (large_value_list, a_list, samples.a_long_list),
}


def made(kind: str, facts: Any) -> Document:
    document = KINDS[kind][0](facts, form(kind))
    assert isinstance(document, Document), str(document)
    return document


def refused(kind: str, **changes: object) -> Refusal:
    build, facts, _ = KINDS[kind]
    answer = build(facts(**changes), form(kind))
    assert isinstance(answer, Refusal)
    return answer


def values(document: Document) -> dict[str, Text]:
    return {
        cell.name: cell.value
        for block in document.blocks
        if isinstance(block, Fields)
        for cell in block.cells
    }


def table(document: Document) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table))


def column(document: Document, name: str) -> list[str]:
    found = table(document)
    at = [one.name for one in found.columns].index(name)
    return [row[at].zh for row in found.rows]


def notes(document: Document) -> tuple[Text, ...]:
    return next(block.items for block in document.blocks if isinstance(block, Paragraphs))


def boxes(document: Document) -> dict[str, Text]:
    return {
        box.name: box.value
        for block in document.blocks
        if isinstance(block, Signatures)
        for box in block.boxes
    }


# --- whole papers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("longest", [False, True], ids=["plain", "longest"])
def test_a_paper_carries_all_that_its_law_asks_for(kind: str, language: str, longest: bool) -> None:
    _, plain_facts, long_facts = KINDS[kind]
    document = made(kind, (long_facts if longest else plain_facts)(language))
    floor = FLOORS[kind]
    columns = [one.name for one in table(document).columns]
    assert set(floor.columns) | set(floor.blank_columns) <= set(columns)
    assert set(floor.boxes) <= set(boxes(document))
    present, filled = values(document), table(document).rows
    flag = "entity" if "entity_name" in present else "individual"
    for name, when in floor.fields.items():
        if when in ("", flag):
            assert present[name].zh not in ("", "—"), name
    assert all(row[columns.index(name)].zh not in ("", "—") for row in filled for name in floor.columns)
    assert len(document.copies) >= floor.copies
    assert document.sources
    assert document.bilingual is (language == "en" or kind == "counterfeit_certificate")


@pytest.mark.parametrize("kind", KINDS)
def test_an_office_sees_no_customer_in_a_refusal(kind: str) -> None:
    long_number = heading("X" * 33)
    for answer in (refused(kind, heading=long_number), refused(kind, handled_by=samples.REVIEWER)):
        assert answer.code is RefusalCode.DOCUMENT_FIELD
        assert {name for name, _ in answer.details} == {"document", "field_of_paper", "problem_of_paper"}


HOLDER_GONE = [
    (Individual("", "resident_id", "1"), "holder_name"),
    (Individual("张伟", "", "1"), "id_kind"),
    (Individual("张伟", "resident_id", " "), "id_number"),
    (Entity("", "陈静", "resident_id", "1"), "entity_name"),
    (Entity("春风商贸", "", "resident_id", "1"), "agent_name"),
    (Entity("春风商贸", "陈静", "", "1"), "agent_id_kind"),
    (Entity("春风商贸", "陈静", "resident_id", ""), "agent_id_number"),
]
NO_PHONE = heading(institution=Institution(samples.BRANCH.name))
NO_UNIT = heading(institution=Institution(Text("示范银行", " "), "010"))
PIECE = WithheldPieces("note", "CNY", 10_000, "2015年版")
FOUND = a_finding().pieces[0]
ROW = a_list().rows[0]
GROUND = samples.SEAL_DIFFERS
NO_TEXT = Text("", "")
BOTH = "handled_by,reviewed_by"

MISSING: list[tuple[str, Mapping[str, object], str]] = [
    ("return_statement", {"instrument": ""}, "instrument_kind"),
    ("return_statement", {"returned_at": ""}, "returned_at"),
    ("return_statement", {"grounds": ()}, "fact,law"),
    ("return_statement", {"grounds": (Ground("VC-10", NO_TEXT, GROUND.law),)}, "fact"),
    ("return_statement", {"grounds": (GROUND, Ground("VC-10", GROUND.fact, Text("票据法", "")))}, "law"),
    ("return_statement", {"heading": NO_UNIT}, "unit"),
    *(
        (kind, {"holder": holder}, name)
        for kind in ("counterfeit_certificate", "exchange_finding")
        for holder, name in HOLDER_GONE
    ),
    *(
        (kind, {"heading": NO_PHONE}, "unit_phone")
        for kind in ("counterfeit_certificate", "exchange_finding")
    ),
    *((kind, {"heading": heading("")}, "number") for kind in KINDS),
    ("counterfeit_certificate", {"pieces": ()}, "denomination"),
    ("counterfeit_certificate", {"pieces": (replace(PIECE, series=""),)}, "series"),
    ("exchange_finding", {"pieces": ()}, "denomination"),
    ("exchange_finding", {"pieces": (replace(FOUND, ground=NO_TEXT),)}, "ground"),
    ("exchange_finding", {"pieces": (replace(FOUND, series=" "),)}, "series"),
    ("exchange_finding", {"pack": ""}, "pack"),
    *((kind, {"handled_by": Clerk("", "王小燕"), "reviewed_by": Clerk("0208", " ")}, BOTH) for kind in KINDS),
    *((kind, {"reviewed_by": Clerk("", "")}, "reviewed_by") for kind in KINDS),
    ("large_value_list", {"rows": (replace(ROW, transaction=""),)}, "transaction"),
    ("large_value_list", {"rows": (replace(ROW, name=""),)}, "name"),
    ("large_value_list", {"rows": (replace(ROW, account=""),)}, "account"),
    ("large_value_list", {"rows": (replace(ROW, triggers=()),)}, "triggers"),
]


@pytest.mark.parametrize(("kind", "changes", "fields"), MISSING)
def test_a_paper_without_a_legal_field_is_refused_by_its_name(
    kind: str, changes: Mapping[str, object], fields: str
) -> None:
    answer = refused(kind, **changes)
    assert answer.code is RefusalCode.DOCUMENT_INCOMPLETE
    assert answer.details == (("document", kind), ("field_of_paper", fields))


TWICE = (replace(PIECE, serial="AB12345678"), replace(PIECE, serial="ab 1234 5678"))
WRONG: list[tuple[str, Mapping[str, object], str, str]] = [
    ("return_statement", {"instrument": "letter"}, "instrument_kind", "unknown_code"),
    ("return_statement", {"returned_at": "24:00"}, "returned_at", "not_a_time"),
    ("return_statement", {"returned_at": "9:5"}, "returned_at", "not_a_time"),
    ("return_statement", {"amount_minor": -1}, "amount", "amount"),
    ("return_statement", {"drawer": "长" * 141}, "drawer", "too_long"),
    (
        "return_statement",
        {"grounds": (Ground("VC-10", Text("长" * 161, "x"), GROUND.law),)},
        "fact",
        "too_long",
    ),
    (
        "counterfeit_certificate",
        {"holder": Individual("张伟", "library_card", "1")},
        "id_kind",
        "unknown_code",
    ),
    ("counterfeit_certificate", {"pieces": (replace(PIECE, kind="bar"),)}, "currency", "unknown_code"),
    ("counterfeit_certificate", {"pieces": (replace(PIECE, currency="yuan"),)}, "currency", "unknown_code"),
    ("counterfeit_certificate", {"pieces": (replace(PIECE, face_minor=0),)}, "denomination", "amount"),
    ("counterfeit_certificate", {"pieces": (replace(PIECE, pieces=0),)}, "pieces", "amount"),
    (
        "counterfeit_certificate",
        {"pieces": (replace(PIECE, serial="A1", pieces=2),)},
        "serial",
        "one_piece_a_serial",
    ),
    ("counterfeit_certificate", {"pieces": TWICE}, "serial", "twice"),
    ("counterfeit_certificate", {"appraisal_until": "2026-02-30"}, "appraisal_until", "not_a_day"),
    ("counterfeit_certificate", {"review_until": "2026-04-01"}, "review_until", "not_a_day"),
    ("counterfeit_certificate", {"handled_by": Clerk("0317", "长" * 60)}, "handled_by", "too_long"),
    ("exchange_finding", {"holder": Entity("甲", "乙", "library_card", "1")}, "id_kind", "unknown_code"),
    ("exchange_finding", {"pieces": (replace(FOUND, face_minor=-100),)}, "denomination", "amount"),
    ("exchange_finding", {"pieces": (replace(FOUND, remaining=(3, 0)),)}, "remaining", "share"),
    ("exchange_finding", {"pieces": (replace(FOUND, remaining=(101, 100)),)}, "remaining", "share"),
    ("exchange_finding", {"pieces": (replace(FOUND, finding="most"),)}, "finding", "unknown_code"),
    ("exchange_finding", {"pieces": (replace(FOUND, worth_minor=10_000),)}, "worth", "not_its_finding"),
    ("exchange_finding", {"pieces": (replace(FOUND, finding="none"),)}, "worth", "not_its_finding"),
    ("large_value_list", {"rows": (replace(ROW, kind="gift"),)}, "kind", "unknown_code"),
    ("large_value_list", {"rows": (replace(ROW, party="robot"),)}, "party", "unknown_code"),
    ("large_value_list", {"rows": (replace(ROW, amount_minor=0),)}, "amount", "amount"),
    ("large_value_list", {"rows": (replace(ROW, day_total_minor=4_999_999),)}, "day_total", "amount"),
    ("large_value_list", {"rows": (replace(ROW, due="soon"),)}, "due", "not_a_day"),
    ("large_value_list", {"rows": (ROW, ROW)}, "transaction", "twice"),
    *((kind, {"reviewed_by": samples.MAKER}, "reviewed_by", "same_person") for kind in KINDS),
    *((kind, {"reviewed_by": Clerk("0317 ", "李建国")}, "reviewed_by", "same_person") for kind in KINDS),
    *((kind, {"heading": heading("../../etc")}, "number", "not_a_number") for kind in KINDS),
    *(
        (kind, {"heading": heading(business_date="2026-02-30")}, "business_date", "not_a_day")
        for kind in KINDS
    ),
    *(
        (kind, {"heading": heading(institution=Institution(Text("行" * 61, "x"), "010"))}, "unit", "too_long")
        for kind in KINDS
    ),
]


@pytest.mark.parametrize(("kind", "changes", "field", "problem"), WRONG)
def test_what_contradicts_itself_is_refused(
    kind: str, changes: Mapping[str, object], field: str, problem: str
) -> None:
    answer = refused(kind, **changes)
    assert answer.code is RefusalCode.DOCUMENT_FIELD
    assert answer.details == (("document", kind), ("field_of_paper", field), ("problem_of_paper", problem))


@pytest.mark.parametrize(
    ("kind", "day", "in_force"),
    [
        ("counterfeit_certificate", "2020-03-31", False),
        ("counterfeit_certificate", "2020-04-01", True),
        ("exchange_finding", "2026-03-30", False),
        ("exchange_finding", "2026-03-31", True),
        ("return_statement", "2011-01-01", True),
    ],
)
def test_a_style_is_used_from_its_day_on(kind: str, day: str, in_force: bool) -> None:
    build, facts, _ = KINDS[kind]
    answer = build(facts(heading=heading(business_date=day)), form(kind))
    assert isinstance(answer, Document) is in_force
    if isinstance(answer, Refusal):
        assert answer.code is RefusalCode.DOCUMENT_NOT_IN_FORCE
        assert answer.details == (("document", kind), ("date", day))


# --- what stands on them --------------------------------------------------------------------------------------------


def test_a_return_names_kind_ground_law_time_and_returner() -> None:
    document = made("return_statement", a_return())
    told = values(document)
    assert (told["instrument_kind"].zh, told["returned_at"].zh) == ("转账支票", "2026年4月2日 10:42")
    assert told["returner"].zh == "示范银行 城关支行"
    assert told["capitals"].zh == "人民币贰万零贰佰元整"  # as written, though the figures say otherwise
    assert told["amount"].zh == "¥20,250.00"
    assert column(document, "fact") == [samples.SEAL_DIFFERS.fact.zh, samples.AMOUNTS_DIFFER.fact.zh]
    assert column(document, "law")[1] == "《票据法》第八条"
    assert column(document, "rule") == ["VC-10", "VC-04"]
    assert {
        box.name: box.kind
        for block in document.blocks
        if isinstance(block, Signatures)
        for box in block.boxes
    }["returner_seal"] is BoxKind.SEAL


def test_what_the_instrument_does_not_show_is_closed_with_a_dash() -> None:
    told = values(made("return_statement", a_return(payee="", amount_minor=0, issue_date=" ")))
    assert [told[name].zh for name in ("payee", "amount", "issue_date")] == ["—", "—", "—"]


def test_a_receipt_lists_every_piece_with_its_serial_sum_and_capitals() -> None:
    document = made("counterfeit_certificate", a_certificate())
    assert column(document, "serial") == ["AB10000000", "AB10000001", "—"]
    assert column(document, "pieces") == ["1 张", "1 张", "3 枚"]
    assert column(document, "denomination") == ["100元", "100元", "1元"]
    assert column(document, "amount") == ["100.00", "100.00", "3.00"]
    told = values(document)
    assert told["total_pieces"].zh == "5"
    assert told["total_amount"].zh == "¥203.00"
    assert told["total_capitals"].zh == "人民币贰佰零叁元整"
    assert told["holder_name"].zh == "张伟"
    assert told["contact"].zh == "—"
    assert "entity_name" not in told


def test_a_receipt_over_several_currencies_adds_each_by_itself() -> None:
    rows = (PIECE, WithheldPieces("note", "JPY", 10_000, "2024"), WithheldPieces("note", "KWD", 5_000, "6"))
    document = made("counterfeit_certificate", a_certificate(pieces=rows))
    assert values(document)["total_amount"].zh == "¥100.00 + JPY 10,000 + KWD 5.000"
    assert values(document)["total_capitals"].zh == "—"
    assert values(document)["total_pieces"].zh == "3 张"
    assert column(document, "denomination") == ["100元", "10,000", "5"]
    assert column(document, "currency") == ["人民币 CNY", "日元 JPY", "KWD"]


def test_two_notes_of_different_worth_may_bear_one_number() -> None:
    rows = (replace(PIECE, serial="A1"), replace(PIECE, serial="A1", face_minor=5_000), PIECE, PIECE)
    assert len(table(made("counterfeit_certificate", a_certificate(pieces=rows))).rows) == 4


def test_a_receipt_tells_law_and_both_rights_in_both_languages() -> None:
    law, appraisal, review, _ = notes(made("counterfeit_certificate", a_certificate()))
    assert "〔2019〕第3号" in law.zh
    assert "〔2019〕No. 3" in law.en
    assert "3个工作日内（至2026年4月7日止）" in appraisal.zh
    assert "within 3 working days of the withholding (until 2026-04-07 at the latest)" in appraisal.en
    assert "60日内（至2026年6月1日止）" in review.zh
    assert "within 60 days" in review.en


def test_a_right_stands_there_without_its_last_day_too() -> None:
    _, appraisal, review, _ = notes(
        made("counterfeit_certificate", a_certificate(appraisal_until="", review_until=""))
    )
    assert "3个工作日内，" in appraisal.zh
    assert "60日内依法" in review.zh


@pytest.mark.parametrize("kind", ["counterfeit_certificate", "exchange_finding"])
def test_a_holder_who_declines_to_sign_is_noted(kind: str) -> None:
    facts = KINDS[kind][1]
    assert boxes(made(kind, facts(declined=True)))["holder_signature"] == Text(
        "持有人拒绝签字", "Holder declined to sign"
    )
    assert boxes(made(kind, facts()))["holder_signature"].zh == ""
    assert boxes(made(kind, facts()))["reviewed_by"].zh == "李建国 0208"


def test_the_unit_keeps_the_first_copy_and_the_holder_gets_the_second() -> None:
    copies = made("counterfeit_certificate", a_certificate()).copies
    assert [one.name for one in copies] == ["unit", "holder"]


@pytest.mark.parametrize(
    ("remaining", "finding", "worth", "face", "told"),
    [
        ((3, 4), "full", 10_000, 10_000, ["3/4 (75.0%)", "全额", "¥100.00"]),
        ((1, 2), "half", 5_000, 10_000, ["1/2 (50.0%)", "半额", "¥50.00"]),
        ((499, 1000), "none", 0, 10_000, ["499/1000 (49.9%)", "不予兑换", "¥0.00"]),
        ((4999, 10000), "none", 0, 10_000, ["4999/10000 (49.9%)", "不予兑换", "¥0.00"]),
        ((3, 5), "half", 2, 5, ["3/5 (60.0%)", "半额", "¥0.02"]),
        ((1, 1), "full", 50, 50, ["1/1 (100.0%)", "全额", "¥0.50"]),
    ],
)
def test_a_finding_says_how_much_remains_and_what_it_is_worth(
    remaining: tuple[int, int], finding: str, worth: int, face: int, told: list[str]
) -> None:
    piece = FoundPiece(face, "2015年版", remaining, finding, worth, FOUND.ground)
    document = made("exchange_finding", a_finding(pieces=(piece,)))
    assert [column(document, name)[0] for name in ("remaining", "finding", "worth")] == told


def test_a_finding_names_where_to_go_with_the_note() -> None:
    local, named = (
        notes(made("exchange_finding", a_finding(appeal_to=to)))[2] for to in ("", "示范中心支行")
    )
    assert "中国人民银行当地分支机构" in local.zh
    assert "the local branch of the People's Bank of China" in local.en
    assert "示范中心支行" in named.zh
    assert "退还持有人" in notes(made("exchange_finding", a_finding()))[1].zh


@pytest.mark.parametrize(("special", "told"), [(True, "特殊残缺、污损"), (False, "普通残缺、污损")])
def test_a_finding_names_the_kind_of_damage_and_its_rules(special: bool, told: str) -> None:
    found = values(made("exchange_finding", a_finding(special=special)))
    assert (found["damage"].zh, found["pack"].zh) == (told, "cn.damaged-notes/2")


def test_the_list_masks_names_and_accounts() -> None:
    document = made("large_value_list", a_list())
    assert column(document, "name") == ["张*", "示范市****公司"]
    assert column(document, "account") == ["**** 1735", "**** 9001"]
    assert values(document)["total_amount"].zh == "¥2,550,000.00"
    assert values(document)["count"].zh == "2 笔"


def test_a_day_without_large_values_has_its_list_too() -> None:
    document = made("large_value_list", a_list(rows=()))
    assert table(document).rows == ()
    assert table(document).closing.zh == "本日无达到报告标准的交易"
    assert values(document)["count"].zh == "0 笔"


def test_text_from_people_stays_plain_text() -> None:
    name = "<b>张</b>\u202e伟\n{appraisal_until}"
    document = made(
        "counterfeit_certificate", a_certificate(holder=Individual(name, "passport", "E1"), remarks="%s {0}")
    )
    assert values(document)["holder_name"].zh == "<b>张</b>[U+202E]伟 {appraisal_until}"
    assert values(document)["remarks"].zh == "%s {0}"


def test_a_reprint_counts_and_its_original_is_the_same_paper() -> None:
    first = made("return_statement", a_return())
    second = reprinted(reprinted(first))
    assert (first.reprint, second.reprint) == (0, 2)
    assert original_of(second) == first
