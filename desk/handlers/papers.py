"""Papers of a transaction: handed out to a printer or a file, and looked for by a person. Building them is the
steps'."""

from __future__ import annotations

from desk import commands as c
from desk.core import DeskCore
from desk.documents.filling import Clerk, Heading, Institution
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.handlers.shape import Answer, as_maker
from desk.procedures import acts


def heading_of(core: DeskCore, number: str) -> Heading:
    """What every paper of this desk begins with."""
    config = core.given.config
    unit = Institution(config.branch, config.branch_phone)
    return Heading(number, unit, config.business_date, config.language, config.training)


def clerk(core: DeskCore, staff_no: str) -> Clerk:
    """A member of staff as a paper names them."""
    found = core.person_named(staff_no)
    return Clerk(staff_no, "" if isinstance(found, Refusal) else found.name)


def standing_paper(core: DeskCore) -> tuple[str, str]:
    """Number and digest of the paper of this step; both "" for none."""
    state = core.state
    if state is None:
        return "", ""
    under_way = state.withholding()
    if under_way is not None:
        return under_way.certificate.certificate_no, under_way.certificate.digest
    return (state.refused.statement_no, state.refused.digest) if state.refused else ("", "")


def paper_state(core: DeskCore) -> str:
    """ "none", "due", "unknown" or "done" (``desk.views.GiveBackView``)."""
    number, _digest = standing_paper(core)
    if core.state is None or not number:
        return "none"
    mine = [one for one in core.state.papers if one.document_no == number]
    if any(one.outcome == "done" for one in mine):
        return "done"
    return "unknown" if mine and mine[-1].outcome == "unknown" else "due"


def hand_out(core: DeskCore, command: c.HandOutPaper) -> Answer:
    """It left for the printer or the file; whether it lies there is for a person to say."""
    return as_maker(core, acts.RecordPaper(*standing_paper(core), command.way, "unknown"))


def settle(core: DeskCore, command: c.SettlePaper) -> Answer:
    """A person looked. What never went out cannot lie there."""
    if paper_state(core) != "unknown" or core.state is None:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    way = core.state.papers[-1].way
    return as_maker(
        core, acts.RecordPaper(*standing_paper(core), way, "done" if command.printed else "not_done")
    )
