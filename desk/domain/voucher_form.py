"""A voucher as a form: its fields, what of it applies, and what a person is asked about it, read from TOML text.

Holds what the paper is, never what one customer wrote on it; judges nothing (``desk.rules.voucher_rules`` does). A form
that was not read is unknown, and nothing of it is accepted. What a file may say is in the tables below; an unknown key,
word or check, and a missing language, is refused by file and line. Field lists: counter-rules §1.4–1.5.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse

FIELD_KINDS = frozenset(
    (
        "date", "name", "account_number", "amount", "capitals", "text", "id_number", "serial", "endorsements",
        "denominations", "seal", "printed",
    )
)  # fmt: skip
BY_EYE = frozenset(("seal", "printed"))
"""Kinds that nobody keys: whoever looks at the paper says when one is absent."""

CONDITIONS = frozenset(
    (
        "always", "never", "agent", "identity", "person", "entity", "individual_payee", "payment_password",
        "reserved_seal", "endorsed", "corrected", "cash", "transfer",
    )
)  # fmt: skip
"""When a field is due or a question asked; what each means stands in ``desk.rules.voucher_checks.facts``."""

FAMILIES = frozenset(("slip", "settlement", "instrument"))
DOCUMENTS = frozenset(("slip", "cheque"))
USES = frozenset(("cash", "transfer", "either", "none"))
MANNERS = frozenset(("tick", "comparison", "identity", "match", "keyed", "signature", "customer"))
"""How a person answers: a tick of the list · the comparison of two seals · the look at the face and its document · the
names side by side · the keying itself · the signature over the whole · the customer's own yes."""
TICK = "tick"
"""The manner that costs the teller an answer of its own in the checklist; at most two of them in a plain item."""
REGIONS = frozenset(
    ("whole", "heading", "serial", "date", "amount", "party", "purpose", "seal", "back", "person")
)
"""Where on the paper, or beside it, a question is to be looked at."""
CHECKS: tuple[str, ...] = tuple(f"VC-{number:02}" for number in range(1, 26))

_TOP = frozenset(
    (
        "form", "version", "title", "family", "transactions", "filled_by", "document", "dated_today", "instrument",
        "preprinted", "use", "copies", "copy_titles", "reserved_seal", "controlled", "own_form", "agents", "statuses",
        "debits", "credits", "holder_presents", "checks", "source", "confidence", "field", "ask",
    )
)  # fmt: skip
_FIELD = frozenset(("field", "title", "kind", "required", "void_if_missing", "later", "core"))
_ASK = frozenset(("check", "covers", "by", "when", "region", "ask"))
_CONFIDENCES = frozenset(("S", "S-", "M", "U", "B"))


@dataclass(frozen=True)
class FormField:
    """One field. ``required`` a condition; ``void_if_missing`` by law, ``later`` may be filled by the drawer's
    authority until it is presented; ``core`` may not be altered by anyone (票据法 9; 支付结算办法 12)."""

    field: str
    title: Text
    kind: str
    required: str = "always"
    void_if_missing: bool = False
    later: bool = False
    core: bool = False

    @property
    def is_by_eye(self) -> bool:
        return self.kind in BY_EYE


@dataclass(frozen=True)
class Question:
    """What a person is asked: in these words, about this region of the paper, answered in this manner. One look may
    answer for further checks (``covers``)."""

    check: str
    ask: Text
    by: str
    when: str = "always"
    region: str = "whole"
    covers: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[str, ...]:
        """Every check that the answer is for."""
        return (self.check, *self.covers)


@dataclass(frozen=True)
class VoucherForm:
    """A form. ``document`` says which rules of dates apply; ``dated_today``: it is written for this business day.
    ``instrument`` is the key of its presentation term, "" for none; ``preprinted``: 人民币 stands before the capitals.
    ``debits`` and ``credits`` name the party whose account it moves, so "payer" finds ``payer_name`` and
    ``payer_account``. ``holder_presents``: payee or last endorsee and whoever presents it are one."""

    form: str
    version: int
    title: Text
    family: str
    transactions: tuple[str, ...]
    filled_by: str
    document: str
    dated_today: bool
    instrument: str
    preprinted: bool
    use: str
    copies: int
    copy_titles: tuple[Text, ...]
    reserved_seal: str
    controlled: bool
    own_form: bool
    agents: bool
    statuses: tuple[str, ...]
    debits: str
    credits: str
    holder_presents: bool
    checks: tuple[str, ...]
    source: str
    confidence: str
    fields: tuple[FormField, ...]
    questions: tuple[Question, ...]
    digest: str = ""

    def field_named(self, name: str) -> FormField | None:
        return next((one for one in self.fields if one.field == name), None)

    def of_kind(self, kind: str) -> tuple[FormField, ...]:
        return tuple(one for one in self.fields if one.kind == kind)

    @property
    def core_fields(self) -> tuple[FormField, ...]:
        """What may not be altered."""
        return tuple(one for one in self.fields if one.core)

    @property
    def parties(self) -> tuple[str, ...]:
        """Every party of whom name and account number are both written: these must agree (支付结算办法 166)."""
        found = (party_of(one.field) for one in self.of_kind("account_number"))
        return tuple(one for one in found if self.field_named(f"{one}_name"))

    def number_field(self, party: str) -> str:
        """The field that carries a party's account number."""
        return next(one.field for one in self.of_kind("account_number") if party_of(one.field) == party)

    def question_of(self, check: str) -> Question | None:
        """Who answers for a check; None when nobody is asked."""
        return next((one for one in self.questions if check in one.checks), None)

    @property
    def plain_ticks(self) -> tuple[Question, ...]:
        """What costs an answer even in a plain item, that is one with none of the special conditions."""
        return tuple(one for one in self.questions if one.when == "always" and one.by == TICK)


@dataclass(frozen=True)
class FormFlaw:
    """What is wrong with a form's file, where, and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class _Invalid(Exception):
    """Carries the first flaw out of the reading; never leaves this module."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def party_of(number_field: str) -> str:
    """``payer_account`` → payer; ``account_number`` → account: with ``_name`` it is the field of the name."""
    return number_field.removesuffix("_account").removesuffix("_number")


def form_of(forms: Mapping[str, VoucherForm], form: str) -> VoucherForm | Refusal:
    """The form by its id; absence means refusal."""
    return forms.get(form) or refuse(RefusalCode.FORM_UNKNOWN, form=form)


def by_id(forms: Iterable[VoucherForm]) -> dict[str, VoucherForm] | FormFlaw:
    """All forms as a table; a flaw for one that stands twice."""
    table: dict[str, VoucherForm] = {}
    for one in forms:
        if one.form in table:
            return FormFlaw(f"{one.form}.toml", 1, f"form {one.form!r} stands twice")
        table[one.form] = one
    return table


def read_form(text: str, file: str) -> VoucherForm | FormFlaw:
    """Read one form; ``file`` only names it in a flaw."""
    try:
        return _read(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        return FormFlaw(file, int(found.group(1)) if found else 1, str(error))
    except _Invalid as invalid:
        return FormFlaw(file, invalid.line, invalid.reason)


def _read(text: str) -> VoucherForm:
    data = tomllib.loads(text)
    head, headers = _lines(text)
    table = _Table(data, head, 1)
    table.knows(_TOP)
    checks = table.words("checks", frozenset(CHECKS))
    if list(checks) != sorted(set(checks)):
        raise _Invalid(head.get("checks", 1), "'checks' stand in order, each once")
    fields = tuple(_field(one) for one in _tables(data, "field", headers["field"]))
    questions = tuple(_question(one) for one in _tables(data, "ask", headers["ask"]))
    _stand_once((one.field for one in fields), headers["field"], "field")
    _check_questions(questions, headers["ask"], checks)
    form = VoucherForm(
        form=table.name("form"),
        version=table.whole("version"),
        title=table.bilingual("title"),
        family=table.word("family", FAMILIES),
        transactions=table.words("transactions"),
        filled_by=table.word("filled_by", frozenset(("person", "entity", "either", "bank"))),
        document=table.word("document", DOCUMENTS),
        dated_today=table.flag("dated_today"),
        instrument=table.optional("instrument"),
        preprinted=table.flag("preprinted"),
        use=table.word("use", USES),
        copies=table.whole("copies"),
        copy_titles=table.bilinguals("copy_titles"),
        reserved_seal=table.word("reserved_seal", frozenset(("always", "kept", "never"))),
        controlled=table.flag("controlled"),
        own_form=table.flag("own_form"),
        agents=table.flag("agents"),
        statuses=table.words("statuses"),
        debits=table.optional("debits"),
        credits=table.optional("credits"),
        holder_presents=table.flag("holder_presents"),
        checks=checks,
        source=table.string("source"),
        confidence=table.word("confidence", _CONFIDENCES),
        fields=fields,
        questions=questions,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    _check_form(form, head)
    return form


def _lines(text: str) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Line numbers of the head's keys, and of every header of a table."""
    head: dict[str, int] = {}
    headers: dict[str, list[int]] = {"field": [], "ask": []}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := re.match(r"\s*\[\[\s*(field|ask)\s*\]\]", line):
            headers[found.group(1)].append(number)
        elif (found := re.match(r"\s*([a-z_]+)\s*=", line)) and not any(headers.values()):
            head.setdefault(found.group(1), number)
    return head, headers


@dataclass(frozen=True)
class _Table:
    """One table of the file, its values read by kind; ``keys`` gives a key's own line where it is known."""

    values: Mapping[str, Any]
    keys: Mapping[str, int]
    line: int

    def at(self, name: str) -> int:
        return self.keys.get(name, self.line)

    def knows(self, names: frozenset[str]) -> None:
        for name in self.values:
            if name not in names:
                raise _Invalid(self.at(name), f"unknown key {name!r}")

    def string(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise _Invalid(self.at(name), f"{name!r} must be a text")
        return value

    def optional(self, name: str) -> str:
        return self.string(name) if name in self.values else ""

    def name(self, name: str) -> str:
        value = self.string(name)
        if not value.isidentifier():
            raise _Invalid(self.at(name), f"{value!r} is no name of a {name}")
        return value

    def word(self, name: str, allowed: frozenset[str], otherwise: str = "") -> str:
        value = self.string(name) if name in self.values or not otherwise else otherwise
        if value not in allowed:
            raise _Invalid(self.at(name), f"{name!r}: {value!r} is none of {sorted(allowed)}")
        return value

    def words(self, name: str, allowed: frozenset[str] | None = None) -> tuple[str, ...]:
        value = self.values.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            raise _Invalid(self.at(name), f"{name!r} must be a list of texts")
        for one in value:
            if allowed is not None and one not in allowed:
                raise _Invalid(self.at(name), f"{name!r}: unknown {one!r}")
        return tuple(value)

    def whole(self, name: str) -> int:
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise _Invalid(self.at(name), f"{name!r} must be a whole number, at least 1")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise _Invalid(self.at(name), f"{name!r} must be true or false")
        return value

    def bilingual(self, name: str) -> Text:
        return _bilingual(self.values.get(name), name, self.at(name))

    def bilinguals(self, name: str) -> tuple[Text, ...]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise _Invalid(self.at(name), f"{name!r} must be a list")
        return tuple(_bilingual(one, name, self.at(name)) for one in value)


def _bilingual(value: object, name: str, line: int) -> Text:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise _Invalid(line, f"{name!r} needs exactly zh and en")
    if not all(isinstance(one, str) and one.strip() for one in value.values()):
        raise _Invalid(line, f"{name!r}: a language is missing")
    return Text(value["zh"], value["en"])


def _tables(data: Mapping[str, Any], name: str, headers: list[int]) -> list[_Table]:
    tables = data.get(name)
    if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) for one in tables):
        raise _Invalid(1, f"at least one [[{name}]] is needed")
    if len(tables) != len(headers):
        raise _Invalid(1, f"every {name} stands under a line [[{name}]] of its own")
    return [_Table(one, {}, line) for one, line in zip(tables, headers, strict=True)]


def _field(table: _Table) -> FormField:
    table.knows(_FIELD)
    return FormField(
        field=table.name("field"),
        title=table.bilingual("title"),
        kind=table.word("kind", FIELD_KINDS),
        required=table.word("required", CONDITIONS, "always"),
        void_if_missing=table.flag("void_if_missing"),
        later=table.flag("later"),
        core=table.flag("core"),
    )


def _question(table: _Table) -> Question:
    table.knows(_ASK)
    known = frozenset(CHECKS)
    return Question(
        check=table.word("check", known),
        ask=table.bilingual("ask"),
        by=table.word("by", MANNERS),
        when=table.word("when", CONDITIONS, "always"),
        region=table.word("region", REGIONS),
        covers=table.words("covers", known) if "covers" in table.values else (),
    )


def _stand_once(names: Iterable[str], lines: list[int], what: str) -> None:
    seen: set[str] = set()
    for name, line in zip(names, lines, strict=True):
        if name in seen:
            raise _Invalid(line, f"{what} {name!r} stands twice")
        seen.add(name)


def _check_questions(questions: tuple[Question, ...], lines: list[int], checks: tuple[str, ...]) -> None:
    """One question for one check, and only for checks that apply to the form."""
    seen: set[str] = set()
    for question, line in zip(questions, lines, strict=True):
        for check in question.checks:
            if check not in checks:
                raise _Invalid(line, f"asks about {check}, which is none of the form's checks")
            if check in seen:
                raise _Invalid(line, f"asks about {check} a second time")
            seen.add(check)


def _check_form(form: VoucherForm, head: Mapping[str, int]) -> None:
    """What must hold between the parts: whatever is moved, has a term or is copied is really on the form."""
    for key, party in (("debits", form.debits), ("credits", form.credits)):
        if party and party not in form.parties:
            raise _Invalid(head[key], f"{key} {party!r}, whose name and account the form does not carry")
    if form.copy_titles and len(form.copy_titles) != form.copies:
        raise _Invalid(head["copy_titles"], f"{form.copies} copies need as many titles")
    if form.family == "instrument" and not form.instrument:
        raise _Invalid(head["family"], "an instrument has a presentation term: name it under 'instrument'")
    if not form.of_kind("date"):
        raise _Invalid(head["form"], "a form carries a date")
