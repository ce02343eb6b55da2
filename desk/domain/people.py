"""People at the counter, their roles and acts, and the different-person rule.

Holds no passwords and no keys. Sources: counter-rules §4.1 (DC-1 maker ≠ reviewer ≠ authoriser).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from desk.domain.refusals import Refusal, RefusalCode, refuse


class Role(Enum):
    """What a person is enrolled to do."""

    TELLER = "teller"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    IT = "it"


class Act(Enum):
    """What a person does in one transaction; one person acts in one of these only."""

    MAKE = "make"
    REVIEW = "review"
    AUTHORISE = "authorise"


class Qualification(Enum):
    """Training that gates a procedure or a verdict (CF-15)."""

    COUNTERFEIT = "counterfeit"


@dataclass(frozen=True)
class Person:
    """An enrolled member of staff. ``customer_ids`` are the person's own customer ids at this bank, so that nobody acts
    on their own account (DESIGN §3); ``trained_until`` is the last day of their counterfeit training, "" for none."""

    staff_no: str
    name: str
    roles: frozenset[Role]
    key_id: str
    qualifications: frozenset[Qualification] = frozenset()
    customer_ids: frozenset[str] = frozenset()
    trained_until: str = ""

    def may(self, act: Act) -> bool:
        """Whether one of the person's roles permits the act (DC-8)."""
        return bool(self.roles & _ROLES_FOR[act])


_ROLES_FOR: dict[Act, frozenset[Role]] = {
    Act.MAKE: frozenset({Role.TELLER}),
    Act.REVIEW: frozenset({Role.TELLER, Role.REVIEWER, Role.SUPERVISOR}),
    Act.AUTHORISE: frozenset({Role.SUPERVISOR}),
}


def may_act(person: Person, act: Act, others: Iterable[str], holder_customer_id: str) -> Refusal | None:
    """Whether ``person`` may act beside ``others`` (staff numbers that acted in another role already) on an
    account of ``holder_customer_id``; None when allowed, else the refusal (DC-1, DESIGN §3)."""
    if not person.may(act):
        return refuse(RefusalCode.ROLE_MISSING, staff_no=person.staff_no, act=act.value)
    if person.staff_no in set(others):
        return refuse(RefusalCode.SAME_PERSON, staff_no=person.staff_no, act=act.value)
    if holder_customer_id in person.customer_ids:
        return refuse(RefusalCode.OWN_ACCOUNT, staff_no=person.staff_no)
    return None
