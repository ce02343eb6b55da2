"""The decisions of examination, seal, name doubt and withholding where no face would ask: each refuses by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desk.domain import events as e
from desk.domain.events import PersonalRef
from desk.domain.refusals import Refusal
from desk.domain.seal_placement import SealPlacement
from desk.domain.transaction import CheckState, ReferredNote, Transaction, Verdict, Withholding
from desk.procedures import acts
from desk.procedures.loader import Flaw, load_procedure
from desk.procedures.procedure import Procedure
from desk.procedures.steps import count, name_doubt, seal, voucher, withhold
from desk.procedures.steps.shape import Decision
from tests.desk.procedures.walk import BOSS, MAKER, OTHER, batch, cash_deposit

DRAFT = Path(__file__).parents[3] / "resources" / "drafts" / "voucher_examination.toml"
TEXT = DRAFT.read_text(encoding="utf-8")
REF = PersonalRef("r" * 32, "d" * 64, "s" * 64)
SLIP = e.SlipRecorded(1, "transfer_cheque", "CNY", 100, "2026-11-23", (), "typed", REF, ("VC-24", "VC-10"))
GOOD = CheckState("VC-24", "attested", "pass", "seen", "r", MAKER.staff_no, "")
STATE = Transaction(
    "t" * 32,
    maker=MAKER.staff_no,
    step="conclude",
    slip=SLIP,
    checks={"VC-24": GOOD},
    acted={MAKER.staff_no: "make"},
)
PERMIT = acts.SecondPrint(OTHER, acts.UNSIGNED)
CERTIFICATE = e.WithholdingCertified("F1", ("n1",), "individual", REF, "d" * 64)
NOTE = ReferredNote(
    "n1", "b1", outcome="counterfeit", verdicts=(Verdict(MAKER.staff_no, "counterfeit", 100),)
)
SECURED = e.NoteSecured("n1", "stamp", "CNY", False, 10000, "2005", "HD1")
HELD = replace(STATE, notes=(NOTE,), secured={"n1": SECURED})
PRINTED = e.PaperHandedOut("F1", "d" * 64, "queue", "done")
WAITING = replace(
    HELD, withholdings=(Withholding(CERTIFICATE, answer="signed", rights_read=True),), papers=(PRINTED,)
)


def examination() -> Procedure:
    loaded = load_procedure(TEXT, DRAFT.name)
    assert isinstance(loaded, Procedure)
    return loaded


def code(decision: Decision | None) -> str:
    assert isinstance(decision, Refusal), decision
    return decision.code.code


WARNED = replace(STATE, checks={"VC-06": CheckState("VC-06", "automatic", "warn", "", "r", "", "")})


def test_a_warning_is_taken_on_for_a_reason_and_with_a_signature_only() -> None:
    procedure = examination()
    assert code(
        voucher.accept_warning(procedure, WARNED, acts.AcceptWarning("w", "VC-06", " ", PERMIT), MAKER)
    ) == ("reason_missing")
    assert code(
        voucher.accept_warning(procedure, WARNED, acts.AcceptWarning("w", "VC-06", "so", PERMIT), MAKER)
    ) == ("statement_forged")


def test_an_open_check_of_any_step_stands_in_the_way() -> None:
    procedure = examination()
    assert code(voucher.problem(procedure, STATE, elsewhere=True)) == "check_open"
    compared = replace(STATE, checks={**STATE.checks, "VC-10": replace(GOOD, check="VC-10")})
    assert code(voucher.problem(procedure, compared, elsewhere=True)) == "name_mismatch"
    unanswered = replace(
        STATE, checks={"VC-16": CheckState("VC-16", "automatic", "open", "no answer", "r", "", "")}
    )
    assert code(voucher.problem(procedure, unanswered)) == "check_open"


REFUSED = acts.RefuseVoucher(("VC-02",), "RF-3-FORM", "", "", "", True, "i" * 32, "0102")


def test_a_suspected_forgery_is_kept_and_its_next_person_named() -> None:
    """RF-4."""
    found = voucher.turn_away(examination(), STATE, REFUSED, MAKER)
    assert not isinstance(found, Refusal)
    opened = [one for one in found if isinstance(one, e.ItemOpened)]
    assert [(one.kind, one.next_person) for one in opened] == [("voucher_kept", "0102")]


def test_nothing_is_refused_without_voucher_or_reason_and_nothing_given_back_unrefused() -> None:
    procedure = examination()
    assert code(voucher.turn_away(procedure, replace(STATE, slip=None), REFUSED, MAKER)) == "slip_incomplete"
    assert code(voucher.turn_away(procedure, STATE, replace(REFUSED, reason=""), MAKER)) == "reason_missing"
    assert code(voucher.give_back(procedure, STATE, acts.GiveVoucherBack(), MAKER)) == "step_missing"
    assert code(voucher.paper(procedure, STATE, acts.RecordPaper("F1", "d", "queue", "unknown"), MAKER)) == (
        "print_job_unknown"
    )


def test_a_comparison_by_the_wrong_person_is_refused_by_the_decision_too() -> None:
    act = acts.CompareSeal("c", "agrees", SealPlacement(), REF, REF, "r", acts.UNSIGNED)
    assert code(seal.compare(examination(), STATE, act, OTHER)) == "scan_missing"


def test_a_difference_of_substance_is_refused_by_the_decision_too() -> None:
    act = acts.OverrideName("o", "id_card", REF, BOSS, acts.UNSIGNED, acts.UNSIGNED)
    matched = replace(STATE, match=e.NameMatched(True, "NEAR_S", ("HOMOPHONE",), REF))
    assert code(name_doubt.override(examination(), matched, act, MAKER)) == "name_not_overridable"


def test_withholding_keeps_its_order_by_the_decision_too() -> None:
    procedure = cash_deposit()
    assert withhold.due_step(STATE) == ""
    assert [withhold.due_step(one) for one in (HELD, WAITING)] == ["certificate", "custody"]
    ghost = acts.CertifyWithholding("F1", "ghost", REF, "d" * 64)
    assert code(withhold.certify(procedure, HELD, ghost, MAKER)) == "field_format"
    early = acts.CertifyWithholding("F1", "individual", REF, "d" * 64)
    assert code(withhold.certify(procedure, WAITING, early, MAKER)) == "withholding_order"
    assert (
        code(withhold.custody(procedure, WAITING, acts.TakeCustody(MAKER, acts.UNSIGNED, ()), MAKER))
        == "same_person"
    )
    rows = replace(WAITING, batches=(), current=())
    assert code(count.first_problem(rows)) == "count_empty"


def test_a_count_is_not_accepted_while_a_withholding_is_under_way() -> None:
    slip = replace(SLIP, amount_minor=batch("b").total_minor)
    counted = replace(WAITING, slip=slip, batches=(batch("b"),), current=("b",))
    assert code(count.first_problem(counted)) == "withholding_open"


@pytest.mark.parametrize("kind", ["post", "print_passbook"])
def test_a_procedure_that_posts_nothing_holds_no_step_that_does(kind: str) -> None:
    at = TEXT.index('kind = "conclude"')
    changed = TEXT[:at] + f'kind = "{kind}"' + TEXT[at + len('kind = "conclude"') :]
    changed = changed.replace('outcome = "accepted"', 'outcome = "done"').replace(
        '[[way]]\nstep = "conclude"\noutcome = "refused"\nto = "give_back"\n\n', ""
    )
    found = load_procedure(changed, "x.toml")
    assert isinstance(found, Flaw)
    assert "posts nothing" in found.reason
