"""What a check answers: a finding while it is judged, a result with the words of its rule afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal
from desk.domain.voucher_form import VoucherForm
from desk.rules.judgement import RETURN, STOP, Judgement
from desk.rules.judgement import WARN as JUDGED_WARN
from desk.rules.rule_set import RuleSet
from desk.rules.voucher_checks.facts import VoucherFacts
from desk.rules.voucher_checks.judges import Judges

PASS, FAIL, WARN, OPEN, NOT_APPLICABLE = "pass", "fail", "warn", "open", "not_applicable"
NOTHING = Text("", "")
"""No words: nothing is to be said."""
NO_ANSWER = "no_answer"
"""The case of a host, or a person, that has not answered."""
RESULT_OF = {"stop": STOP, "return": RETURN, "warn": JUDGED_WARN}
"""What a row's ``on_fail`` means as a judgement's result."""


@dataclass(frozen=True)
class CheckResult:
    """One line of the checklist.

    ``kind``: "automatic", "attested" or "both". ``outcome``: "pass", "fail", "warn" (people decide: see the judgement's
    ``requires``), "open" (a person's part, or an answer, is still missing) or "not_applicable". ``seen``: what was
    seen, in a word that carries no customer data. ``on_fail``: "stop", "return" or "warn". ``says``: what the teller
    tells the customer; ``then``: what to do next. ``returns``: the reason of a return statement (RF-3), "" for none.
    """

    check: str
    kind: str
    outcome: str
    seen: str
    rule: str
    refusal: Refusal | None = None
    on_fail: str = ""
    judgement: Judgement | None = None
    says: Text = NOTHING
    then: Text = NOTHING
    returns: str = ""

    @property
    def stands_in_the_way(self) -> bool:
        """Whether nothing may be posted while it stands so; a warning asks people first."""
        return self.outcome in (FAIL, OPEN, WARN)


@dataclass(frozen=True)
class Finding:
    """What a check found. ``case`` chooses the row's words of a failure, ``filled`` fills them; ``inner`` is another
    rule's answer that it stands on; ``void`` where the instrument itself is void by it; ``on_fail`` where this case
    is not met as the row says."""

    outcome: str
    seen: str = ""
    case: str = ""
    filled: tuple[tuple[str, Text], ...] = ()
    inner: Judgement | None = None
    refusal: Refusal | None = None
    void: bool = False
    on_fail: str = ""


@dataclass(frozen=True)
class Case:
    """All that a check may look at."""

    form: VoucherForm
    facts: VoucherFacts
    rules: RuleSet
    judges: Judges


Check = Callable[[Case], Finding]

NOT_DUE = Finding(NOT_APPLICABLE)
UNANSWERED = Finding(OPEN, "no answer", NO_ANSWER)


def passed(seen: str) -> Finding:
    return Finding(PASS, seen)


def failed(seen: str, case: str = "", **filled: Text) -> Finding:
    """A failure told by the row's words for this case."""
    return Finding(FAIL, seen, case or seen.replace(" ", "_"), tuple(filled.items()))
