"""People as pages show them: under the highest of their roles."""

from __future__ import annotations

from collections.abc import Iterable

from desk.domain.people import Act, Person, Qualification, Role, may_act
from desk.domain.transaction import Transaction
from desk.views import PersonView

_ORDER = (Role.SUPERVISOR, Role.REVIEWER, Role.TELLER, Role.IT)


def person_view(person: Person) -> PersonView:
    """A member of staff as shown."""
    role = next(one for one in _ORDER if one in person.roles)
    return PersonView(person.staff_no, person.name, role.value)


def seconds(people: Iterable[Person], state: Transaction, qualified: bool = False) -> tuple[PersonView, ...]:
    """Who may act as the second person here; supervisors and reviewers before tellers. ``qualified``: only those who
    may judge a note."""
    others = [staff for staff, act in state.acted.items() if act != Act.REVIEW.value]
    able = [
        one
        for one in people
        if may_act(one, Act.REVIEW, others, state.customer_id) is None
        and (not qualified or Qualification.COUNTERFEIT in one.qualifications)
    ]
    able.sort(
        key=lambda one: (Role.SUPERVISOR not in one.roles, Role.REVIEWER not in one.roles, one.staff_no)
    )
    return tuple(person_view(one) for one in able)
