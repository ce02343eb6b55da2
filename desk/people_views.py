"""People as pages show them: under the highest of their roles."""

from __future__ import annotations

from desk.domain.people import Person, Role
from desk.views import PersonView

_ORDER = (Role.SUPERVISOR, Role.REVIEWER, Role.TELLER, Role.IT)


def person_view(person: Person) -> PersonView:
    """A member of staff as shown."""
    role = next(one for one in _ORDER if one in person.roles)
    return PersonView(person.staff_no, person.name, role.value)
