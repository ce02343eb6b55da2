"""Withholding counterfeit notes: the rules say how each is secured, what the certificate holds and who is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from desk import commands as c
from desk.core import DeskCore
from desk.documents.counterfeit_certificate import CertificateFacts, WithheldPieces, counterfeit_certificate
from desk.documents.digest import digest_of
from desk.documents.document import Document
from desk.documents.holder import Entity, Holder, Individual
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.facts import CUSTODY, custody_digest
from desk.handlers.papers import clerk, heading_of
from desk.handlers.shape import Answer, as_maker, open_key
from desk.handlers.signing import sign_over
from desk.procedures import acts
from desk.procedures.steps.withhold import custodian_problem, order_problem
from desk.rules.calendar_rules import working_days_after
from desk.rules.counterfeit_rules import appraisal_deadline, custody_of, report_due, review_deadline

FORM = "counterfeit_certificate"
TEMPLATE = "withholding/custody-1"
GROUNDS: Mapping[str, Text] = {
    "pieces": Text("一次张数达到报告数", "As many pieces at one time as must be reported"),
    "new_method": Text("新的造假手段", "A new forging method"),
    "clue": Text("有制造、贩卖、运输、使用假币线索", "A clue to making, selling, moving or using"),
    "not_cooperating": Text("持有人不配合", "The holder does not cooperate"),
}
"""Why police and central bank are told at once, in a teller's words (CF-8)."""


def withhold(core: DeskCore, command: c.WithholdNotes) -> Answer:
    return as_maker(core, acts.WithholdNotes())


def secure(core: DeskCore, command: c.SecureNote) -> Answer:
    """The person did what the rules ask for this kind of piece, or it is refused."""
    due = custody_of(command.currency, command.coin, core.rules)
    act = acts.SecureNote(
        command.note_id, due, due, command.currency, command.coin, command.denomination_minor, command.series,
        command.serial, command.bag_no,
    )  # fmt: skip
    return as_maker(core, act)


def certify(core: DeskCore, command: c.CertifyWithholding) -> Answer:
    """Make the paper with all its fields; what it says of the holder stands beside the chain."""
    state = core.state
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    refusal = order_problem(state, "certificate")
    if refusal:
        return refusal
    number = f"{state.number}-F{len(state.withholdings) + 1}"
    said = {
        **{name: value for name, value in vars(command).items() if isinstance(value, str)},
        "salt": core.given.new_id(),
    }
    document = certificate(core, state, number, said)
    if isinstance(document, Refusal):
        return document
    sealed = core.seal_json(said)
    act = acts.CertifyWithholding(number, command.holder_kind, sealed.ref, digest_of(document, said["salt"]))
    return as_maker(core, act, (sealed,))


def certificate(
    core: DeskCore, state: Transaction, number: str, said: Mapping[str, str]
) -> Document | Refusal:
    """The certificate of the notes that wait, made from what was recorded: the same facts make the same paper."""
    form = core.given.papers.get(FORM)
    if form is None:
        return refuse(RefusalCode.FORM_UNKNOWN, form=FORM)
    today, rules = core.given.config.business_date, core.rules
    waiting = state.withheld_open()
    second = next(
        (one.staff_no for note in waiting for one in note.verdicts if one.staff_no != state.maker), ""
    )
    facts = CertificateFacts(
        heading=heading_of(core, number),
        holder=_holder(said),
        pieces=tuple(_piece(state, note.note_id) for note in waiting if note.note_id in state.secured),
        handled_by=clerk(core, state.maker),
        reviewed_by=clerk(core, second),
        appraisal_until=appraisal_deadline(today, _working_days(core), rules),
        review_until=review_deadline(today, rules),
    )
    return counterfeit_certificate(facts, form)


def standing_certificate(core: DeskCore) -> Document | None:
    """The certificate that is being dealt with, made again from the record; None where it cannot be read."""
    state = core.state
    under_way = state.withholding() if state else None
    if state is None or under_way is None:
        return None
    said = core.personal_json(under_way.certificate.holder)
    if isinstance(said, Refusal):
        return None
    made = certificate(core, state, under_way.certificate.certificate_no, said)
    if isinstance(made, Refusal) or digest_of(made, said["salt"]) != under_way.certificate.digest:
        return None
    return made


def _working_days(core: DeskCore) -> Callable[[date, int], date | None]:
    return lambda day, count: working_days_after(day, count, core.rules)


def _holder(said: Mapping[str, str]) -> Holder:
    if said["holder_kind"] == "entity":
        return Entity(
            said["name"], said["agent_name"], said["document"], said["document_number"], said["contact"]
        )
    return Individual(said["name"], said["document"], said["document_number"], said["contact"])


def _piece(state: Transaction, note_id: str) -> WithheldPieces:
    note = state.secured[note_id]
    kind = "coin" if note.coin else "note"
    return WithheldPieces(kind, note.currency, note.denomination_minor, note.series, 1, note.serial)


def answer(core: DeskCore, command: c.AnswerOfHolder) -> Answer:
    return as_maker(core, acts.HolderAnswer(command.answer))


def read_rights(core: DeskCore, command: c.ReadRights) -> Answer:
    return as_maker(core, acts.ReadRights())


def grounds_due(core: DeskCore, state: Transaction, grounds: tuple[str, ...]) -> tuple[str, ...]:
    """Why a report is due, as codes: "pieces" and the grounds that were named; () when none is."""
    under_way = state.withholding()
    flags = set(grounds)
    if under_way is not None and under_way.answer == "refused":
        flags.add("not_cooperating")
    pieces = len(state.withheld_open())
    if not report_due(pieces, frozenset(flags), core.rules).requires:
        return ()
    many = report_due(pieces, frozenset(), core.rules).requires
    return (*(("pieces",) if many else ()), *sorted(flags))


def report(core: DeskCore, command: c.ReportWithholding) -> Answer:
    """Police and central bank were told; the grounds are the rules' and those the person named."""
    if core.state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    grounds = grounds_due(core, core.state, command.grounds)
    return as_maker(core, acts.ReportWithholding(grounds, command.police, command.central_bank))


def take_custody(core: DeskCore, command: c.TakeCustody) -> Answer:
    """Somebody else opens their key for this one signature and keeps the notes."""
    state = core.state
    under_way = state.withholding() if state else None
    if state is None or under_way is None:
        return refuse(RefusalCode.NOTHING_WITHHELD)
    person = core.person_named(command.staff_no)
    if isinstance(person, Refusal):
        return person
    refusal = custodian_problem(state, person)
    if refusal:
        return refusal
    signer = open_key(core, command.staff_no, command.password, "reviewer")
    if isinstance(signer, Refusal):
        return signer
    certificate_no = under_way.certificate.certificate_no
    digest = custody_digest(state.transaction_id, under_way.certificate)
    signed = sign_over(core, signer, state.transaction_id, CUSTODY, digest, certificate_no, TEMPLATE)
    signer.close()
    if isinstance(signed, Refusal):
        return signed
    due = grounds_due(core, state, command.grounds)
    return as_maker(core, acts.TakeCustody(person, signed, due))
