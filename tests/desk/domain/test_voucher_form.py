"""The reader of a form: what it understands, and every flaw by file and line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import RefusalCode, refuse
from desk.domain.voucher_form import (
    FormField,
    FormFlaw,
    Question,
    VoucherForm,
    by_id,
    form_of,
    party_of,
    read_form,
)

GOOD = """form = "cash_cheque"
version = 2
title = { zh = "现金支票", en = "Cash cheque" }
family = "instrument"
transactions = ["cash_withdrawal"]
filled_by = "entity"
document = "cheque"
instrument = "cash_cheque"
preprinted = true
use = "cash"
copies = 2
copy_titles = [{ zh = "正联", en = "First" }, { zh = "存根", en = "Stub" }]
reserved_seal = "always"
controlled = true
agents = true
statuses = ["open"]
debits = "payer"
holder_presents = true
checks = ["VC-02", "VC-03", "VC-08"]
source = "票据法 84"
confidence = "S"

[[field]]
field = "issue_date"
title = { zh = "出票日期", en = "Issue date" }
kind = "date"
void_if_missing = true
core = true

[[field]]
field = "payer_name"
title = { zh = "出票人", en = "Drawer" }
kind = "name"

[[field]]
field = "payer_account"
title = { zh = "账号", en = "Account" }
kind = "account_number"
required = "transfer"
later = true

[[field]]
field = "drawer_seal"
title = { zh = "签章", en = "Seal" }
kind = "seal"

[[ask]]
check = "VC-08"
covers = ["VC-02"]
by = "tick"
when = "corrected"
region = "amount"
ask = { zh = "请看", en = "Look" }

[[ask]]
check = "VC-03"
by = "tick"
region = "whole"
ask = { zh = "齐全？", en = "Complete?" }
"""


def read(text: str = GOOD) -> VoucherForm:
    found = read_form(text, "f.toml")
    assert isinstance(found, VoucherForm), found
    return found


def test_a_form_is_read_as_it_stands() -> None:
    form = read()
    assert (form.form, form.version, form.title, form.family) == (
        "cash_cheque", 2, Text("现金支票", "Cash cheque"), "instrument",
    )  # fmt: skip
    assert (form.filled_by, form.document, form.instrument, form.use) == (
        "entity", "cheque", "cash_cheque", "cash",
    )  # fmt: skip
    assert (form.preprinted, form.controlled, form.agents, form.holder_presents) == (True,) * 4
    assert (form.dated_today, form.own_form) == (False, False)
    assert (form.copies, form.copy_titles) == (2, (Text("正联", "First"), Text("存根", "Stub")))
    assert (form.transactions, form.statuses, form.checks) == (
        ("cash_withdrawal",), ("open",), ("VC-02", "VC-03", "VC-08"),
    )  # fmt: skip
    assert (form.debits, form.credits, form.reserved_seal) == ("payer", "", "always")
    assert (form.source, form.confidence, len(form.digest)) == ("票据法 84", "S", 64)
    assert form.fields[0] == FormField(
        "issue_date", Text("出票日期", "Issue date"), "date", void_if_missing=True, core=True
    )
    assert (form.fields[2].required, form.fields[2].later) == ("transfer", True)
    assert form.questions[0] == Question(
        "VC-08", Text("请看", "Look"), "tick", "corrected", "amount", ("VC-02",)
    )


def test_what_a_form_knows_of_itself() -> None:
    form = read()
    assert form.parties == ("payer",)
    assert form.number_field("payer") == "payer_account"
    assert [one.field for one in form.core_fields] == ["issue_date"]
    assert [one.field for one in form.of_kind("seal")] == ["drawer_seal"]
    assert [one.is_by_eye for one in form.fields] == [False, False, False, True]
    assert form.field_named("payer_bank") is None
    assert form.question_of("VC-02") is form.questions[0]
    assert form.question_of("VC-04") is None
    assert [one.check for one in form.plain_ticks] == ["VC-03"]


@pytest.mark.parametrize(
    ("field", "party"),
    [("payer_account", "payer"), ("account_number", "account"), ("payee_account", "payee")],
)
def test_a_party_is_named_by_its_number_field(field: str, party: str) -> None:
    assert party_of(field) == party


FIELD_AT, ASK_AT = 23, 47


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('form = "cash_cheque"', 'form = "cash cheque"', 1, "'cash cheque' is no name of a form"),
        ('form = "cash_cheque"', "form = 7", 1, "'form' must be a text"),
        ('form = "cash_cheque"', 'form = " "', 1, "'form' must be a text"),
        ("version = 2", "version = 0", 2, "'version' must be a whole number, at least 1"),
        ("version = 2", "version = true", 2, "'version' must be a whole number, at least 1"),
        ("version = 2", 'version = "2"', 2, "'version' must be a whole number, at least 1"),
        (', en = "Cash cheque"', "", 3, "'title' needs exactly zh and en"),
        ('en = "Cash cheque"', 'en = " "', 3, "'title': a language is missing"),
        ('"instrument"\ntrans', '"coupon"\ntrans', 4,
         "'family': 'coupon' is none of ['instrument', 'settlement', 'slip']"),
        ('["cash_withdrawal"]', "[]", 5, "'transactions' must be a list of texts"),
        ('["cash_withdrawal"]', '"cash"', 5, "'transactions' must be a list of texts"),
        ('["cash_withdrawal"]', '["a", 1]', 5, "'transactions' must be a list of texts"),
        ('"entity"', '"anyone"', 6, "'filled_by': 'anyone' is none of ['bank', 'either', 'entity', 'person']"),
        ('instrument = "cash_cheque"\n', "", 4, "an instrument has a presentation term: name it under 'instrument'"),
        ("preprinted = true", 'preprinted = "yes"', 9, "'preprinted' must be true or false"),
        ("copies = 2", "copies = 3", 12, "3 copies need as many titles"),
        ("copy_titles = [", 'copy_titles = "a"  # [', 12, "'copy_titles' must be a list"),
        ("controlled = true", "controled = true", 14, "unknown key 'controled'"),
        ('debits = "payer"', 'debits = "payee"', 17,
         "debits 'payee', whose name and account the form does not carry"),
        ('["VC-02", "VC-03", "VC-08"]', '["VC-03", "VC-02", "VC-08"]', 19, "'checks' stand in order, each once"),
        ('["VC-02", "VC-03", "VC-08"]', '["VC-02", "VC-02"]', 19, "'checks' stand in order, each once"),
        ('["VC-02", "VC-03", "VC-08"]', '["VC-26"]', 19, "'checks': unknown 'VC-26'"),
        ('kind = "date"', 'kind = "text"', 1, "a form carries a date"),
        ('kind = "date"', 'kind = "day"', FIELD_AT, None),
        ('field = "payer_name"', 'field = "issue_date"', 30, "field 'issue_date' stands twice"),
        ('required = "transfer"', 'required = "maybe"', 35, None),
        ("later = true", "later = 1", 35, "'later' must be true or false"),
        ("later = true", "latter = true", 35, "unknown key 'latter'"),
        ('check = "VC-08"', 'check = "VC-04"', ASK_AT, "asks about VC-04, which is none of the form's checks"),
        ('check = "VC-03"', 'check = "VC-02"', 55, "asks about VC-02 a second time"),
        ('covers = ["VC-02"]', 'covers = ["VC-8"]', ASK_AT, "'covers': unknown 'VC-8'"),
        ('region = "amount"', 'region = "moon"', ASK_AT, None),
        ('by = "tick"\nwhen', 'by = "glance"\nwhen', ASK_AT, None),
        ('title = { zh = "现金支票"', 'title = { zh = ', 3, None),
    ],
)  # fmt: skip
def test_a_flaw_is_named_with_its_line(old: str, new: str, line: int, reason: str | None) -> None:
    assert GOOD.count(old) == 1, old
    found = read_form(GOOD.replace(old, new), "f.toml")
    assert isinstance(found, FormFlaw)
    assert (found.file, found.line) == ("f.toml", line)
    if reason is not None:
        assert str(found) == f"f.toml:{line}: {reason}"


def test_a_form_without_fields_or_questions_is_none() -> None:
    head = GOOD.partition("[[field]]")[0]
    assert read_form(head, "f.toml") == FormFlaw("f.toml", 1, "at least one [[field]] is needed")
    fields = GOOD.partition("[[ask]]")[0]
    assert read_form(fields, "f.toml") == FormFlaw("f.toml", 1, "at least one [[ask]] is needed")


def test_tables_stand_under_lines_of_their_own() -> None:
    crowded = GOOD.partition("[[ask]]")[0] + 'ask = [{ check = "VC-08" }]\n'
    found = read_form('ask = [{ check = "VC-08" }]\n' + GOOD.partition("[[ask]]")[0], "f.toml")
    assert found == FormFlaw("f.toml", 1, "every ask stands under a line [[ask]] of its own")
    assert isinstance(read_form(crowded, "f.toml"), FormFlaw)


def test_text_that_is_no_toml_has_no_line_but_the_first() -> None:
    assert isinstance(read_form("form", "f.toml"), FormFlaw)


@settings(max_examples=150)
@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.text("=[]{}\"'1a.\n#-", max_size=6))
def test_a_damaged_form_is_refused_or_whole_and_never_breaks_the_reader(at: int, gone: int, put: str) -> None:
    found = read_form(GOOD[:at] + put + GOOD[at + gone :], "f.toml")
    if isinstance(found, VoucherForm):
        assert found.title.zh
        assert found.fields
    else:
        assert found.reason
        assert found.line >= 1


def test_forms_as_a_table() -> None:
    form = read()
    table = by_id([form])
    assert table == {"cash_cheque": form}
    assert isinstance(table, dict)
    assert form_of(table, "cash_cheque") is form
    assert form_of(table, "coupon") == refuse(RefusalCode.FORM_UNKNOWN, form="coupon")
    assert by_id([form, form]) == FormFlaw("cash_cheque.toml", 1, "form 'cash_cheque' stands twice")
