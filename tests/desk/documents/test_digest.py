"""A paper's digest: equal papers, equal digests; any change of what is said, another one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from desk.documents.counterfeit_certificate import CertificateFacts, counterfeit_certificate
from desk.documents.digest import canonical, check_code, digest_of
from desk.documents.document import Document, reprinted
from tests.desk.documents.samples import MAKER, PERSON, a_certificate, form, heading, pieces


def made(facts: CertificateFacts) -> Document:
    document = counterfeit_certificate(facts, form("counterfeit_certificate"))
    assert isinstance(document, Document)
    return document


FIRST = made(a_certificate())


def test_the_same_facts_make_the_same_digest() -> None:
    assert digest_of(FIRST) == digest_of(made(a_certificate()))
    assert len(digest_of(FIRST)) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"heading": heading("JS20260402-0008")},
        {"heading": heading(training=True)},
        {"heading": heading(business_date="2026-04-03")},
        {"holder": replace(PERSON, name="张炜")},
        {"pieces": pieces(3)},
        {"remarks": ""},
        {"declined": True},
        {"handled_by": replace(MAKER, staff_no="0318")},
        {"appraisal_until": ""},
    ],
)
def test_any_other_paper_has_another(changes: dict[str, Any]) -> None:
    assert digest_of(made(a_certificate(**changes))) != digest_of(FIRST)


def test_a_reprint_and_another_form_are_other_papers() -> None:
    others = [
        reprinted(FIRST),
        reprinted(reprinted(FIRST)),
        replace(FIRST, version=2),
        replace(FIRST, copies=FIRST.copies[:1]),
    ]
    assert len({digest_of(one) for one in (FIRST, *others)}) == 5


def test_a_salt_hides_what_could_be_guessed() -> None:
    assert len({digest_of(FIRST), digest_of(FIRST, "a1"), digest_of(FIRST, "b2")}) == 3


def test_the_canonical_text_is_sorted_json_that_names_its_blocks() -> None:
    text = canonical(FIRST).decode("utf-8")
    told = json.loads(text)
    assert text == json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert [block["is"] for block in told["blocks"]] == [
        "Fields",
        "Table",
        "Fields",
        "Paragraphs",
        "Signatures",
    ]
    assert told["sheet"] == "A4"


def test_the_check_code_is_the_digests_beginning() -> None:
    assert check_code(FIRST).replace(" ", "") == digest_of(FIRST)[:16]
    assert [len(one) for one in check_code(FIRST).split()] == [4, 4, 4, 4]
