"""From a TOML text to a Procedure, or a list of flaws naming file, line and reason.

The text comes in as a value. Everything a file may say is in the tables below; a key that is not there, a
missing language, a step without its ways or an order that would post without its gates is refused.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desk.domain.procedure_kinds import Owner, StepKind, Text
from desk.procedures.procedure import KINDS, Procedure, SecondPerson, Step, Way
from desk.rules.control_rules import GUARDS

_TOP = {"procedure", "code", "version", "voucher_form", "title", "return_reasons", "posts", "step", "way"}
_STEP = {
    "step", "kind", "owner", "title", "rule", "phrase", "guard", "checks", "second_person", "called", "automatic",
}  # fmt: skip
_WAY = {"step", "outcome", "to"}
_ACTS = {"review", "authorise"}
_PRESENCES = {"desk", "remote"}
_INDEPENDENCES = {"blind", "compare", "view"}
_DESK_ONLY = {StepKind.SECOND_COUNT, StepKind.SUSPECT_NOTE, StepKind.WITHHOLD}


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a procedure file, where, and why."""

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


def load_procedure(text: str, file: str) -> Procedure | Flaw:
    """Read one procedure; ``file`` only names it in a flaw."""
    try:
        return _read(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        return Flaw(file, int(found.group(1)) if found else 1, str(error))
    except _Invalid as invalid:
        return Flaw(file, invalid.line, invalid.reason)


def _read(text: str) -> Procedure:
    data = tomllib.loads(text)
    _known(data, _TOP, 1)
    headers = _header_lines(text)
    steps = tuple(
        _step(table, line)
        for table, line in zip(_tables(data, "step", headers), headers["step"], strict=True)
    )
    ways = [
        _way(table, line) for table, line in zip(_tables(data, "way", headers), headers["way"], strict=True)
    ]
    _check_unique((step.step for step in steps), headers["step"], "step")
    lines = {step.step: line for step, line in zip(steps, headers["step"], strict=True)}
    table = _check_ways(steps, ways, headers["way"], lines)
    _check_suspects(steps, table, lines)
    posts = "posts" not in data or _flag(data, "posts", 1)
    _check_order(steps, table, lines, posts)
    return Procedure(
        procedure=_string(data, "procedure", 1),
        code=_string(data, "code", 1),
        version=_integer(data, "version", 1),
        title=_text(data, "title", 1),
        voucher_form=_string(data, "voucher_form", 1),
        steps=steps,
        ways=table,
        return_reasons=_reasons(data),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        posts=posts,
    )


def _header_lines(text: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"step": [], "way": []}
    for number, line in enumerate(text.splitlines(), start=1):
        for name, numbers in found.items():
            if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line):
                numbers.append(number)
    return found


def _tables(data: Mapping[str, Any], name: str, headers: Mapping[str, list[int]]) -> list[Mapping[str, Any]]:
    tables = data.get(name)
    if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) for one in tables):
        raise _Invalid(1, f"at least one [[{name}]] is needed")
    if len(tables) != len(headers[name]):
        raise _Invalid(1, f"every {name} stands under a line [[{name}]] of its own")
    return tables


def _known(table: Mapping[str, Any], names: set[str], line: int) -> None:
    for name in table:
        if name not in names:
            raise _Invalid(line, f"unknown key {name!r}")


def _string(table: Mapping[str, Any], name: str, line: int) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value:
        raise _Invalid(line, f"{name!r} must be a text")
    return value


def _integer(table: Mapping[str, Any], name: str, line: int) -> int:
    value = table.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Invalid(line, f"{name!r} must be a whole number")
    return value


def _flag(table: Mapping[str, Any], name: str, line: int) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise _Invalid(line, f"{name!r} must be true or false")
    return value


def _bilingual(value: object, name: str, line: int) -> Text:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise _Invalid(line, f"{name!r} needs exactly zh and en")
    if not all(isinstance(one, str) and one.strip() for one in value.values()):
        raise _Invalid(line, f"{name!r}: a language is missing")
    return Text(value["zh"], value["en"])


def _text(table: Mapping[str, Any], name: str, line: int) -> Text:
    return _bilingual(table.get(name), name, line)


def _reasons(data: Mapping[str, Any]) -> tuple[Text, ...]:
    reasons = data.get("return_reasons")
    if not isinstance(reasons, list) or not 1 <= len(reasons) <= 9:
        raise _Invalid(1, "'return_reasons' needs one to nine texts")
    return tuple(_bilingual(one, "return_reasons", 1) for one in reasons)


def _step(table: Mapping[str, Any], line: int) -> Step:
    _known(table, _STEP, line)
    kinds = {kind.value: kind for kind in StepKind}
    owners = {owner.value: owner for owner in Owner}
    name, kind_name, owner_name = (_string(table, key, line) for key in ("step", "kind", "owner"))
    if not name.isidentifier():
        raise _Invalid(line, f"{name!r} is no name of a step")
    if kind_name not in kinds:
        raise _Invalid(line, f"unknown kind {kind_name!r}")
    if owner_name not in owners:
        raise _Invalid(line, f"unknown owner {owner_name!r}")
    kind = kinds[kind_name]
    return Step(
        step=name,
        kind=kind,
        owner=owners[owner_name],
        title=_text(table, "title", line),
        rule=_text(table, "rule", line),
        phrase=_text(table, "phrase", line),
        guard=_guard(table, kind, line),
        checks=_checks(table, line),
        second_person=_second_person(table, kind, line),
        called=_flag(table, "called", line),
        automatic=_flag(table, "automatic", line),
    )


def _guard(table: Mapping[str, Any], kind: StepKind, line: int) -> str:
    if "guard" not in table:
        return ""
    guard = _string(table, "guard", line)
    if guard not in GUARDS:
        raise _Invalid(line, f"unknown guard {guard!r}")
    if not KINDS[kind].second_person:
        raise _Invalid(line, f"a {kind.value} step is never passed over")
    return guard


def _checks(table: Mapping[str, Any], line: int) -> tuple[str, ...]:
    checks = table.get("checks", [])
    if not isinstance(checks, list) or not all(isinstance(one, str) and one for one in checks):
        raise _Invalid(line, "'checks' must be a list of check ids")
    return tuple(checks)


def _second_person(table: Mapping[str, Any], kind: StepKind, line: int) -> SecondPerson | None:
    given = table.get("second_person")
    if given is None:
        if KINDS[kind].second_person or kind in _DESK_ONLY:
            raise _Invalid(line, f"a {kind.value} step needs a second person")
        return None
    if not isinstance(given, dict) or set(given) != {"act", "presence", "independence"}:
        raise _Invalid(line, "'second_person' needs exactly act, presence and independence")
    person = SecondPerson(*(str(given[name]) for name in ("act", "presence", "independence")))
    for value, allowed in (
        (person.act, _ACTS),
        (person.presence, _PRESENCES),
        (person.independence, _INDEPENDENCES),
    ):
        if value not in allowed:
            raise _Invalid(line, f"'second_person': unknown {value!r}")
    if kind in _DESK_ONLY and person.presence != "desk":
        raise _Invalid(line, f"a {kind.value} step is done at the desk only")
    return person


def _way(table: Mapping[str, Any], line: int) -> Way:
    _known(table, _WAY, line)
    return Way(*(_string(table, name, line) for name in ("step", "outcome", "to")))


def _check_unique(names: Iterable[str], lines: list[int], what: str) -> None:
    seen: set[str] = set()
    for name, line in zip(names, lines, strict=True):
        if name in seen:
            raise _Invalid(line, f"{what} {name!r} stands twice")
        seen.add(name)


def _check_ways(
    steps: tuple[Step, ...], ways: list[Way], way_lines: list[int], step_lines: Mapping[str, int]
) -> dict[tuple[str, str], str]:
    known = {step.step: step for step in steps}
    table: dict[tuple[str, str], str] = {}
    for way, line in zip(ways, way_lines, strict=True):
        if way.step not in known:
            raise _Invalid(line, f"way from unknown step {way.step!r}")
        if way.outcome not in KINDS[known[way.step].kind].outcomes:
            raise _Invalid(line, f"a {known[way.step].kind.value} step never ends {way.outcome!r}")
        is_end = way.to.startswith("end:") and way.to.removeprefix("end:").isidentifier()
        if way.to not in known and not is_end:
            raise _Invalid(line, f"way to unknown step {way.to!r}")
        if (way.step, way.outcome) in table:
            raise _Invalid(line, f"two ways from {way.step!r} with {way.outcome!r}")
        table[way.step, way.outcome] = way.to
    for step in steps:
        for outcome in sorted(KINDS[step.kind].outcomes):
            if (step.step, outcome) not in table:
                raise _Invalid(step_lines[step.step], f"step {step.step!r} has no way for {outcome!r}")
    return table


def _check_suspects(
    steps: tuple[Step, ...], ways: Mapping[tuple[str, str], str], lines: Mapping[str, int]
) -> None:
    """A note set aside goes to the people who judge it, by no other way."""
    for wanted, kind in (("suspect", StepKind.SUSPECT_NOTE), ("withheld", StepKind.WITHHOLD)):
        there = {step.step for step in steps if step.kind is kind}
        for (name, outcome), to in ways.items():
            counted = next(step.kind for step in steps if step.step == name) is StepKind.CASH_COUNT
            if outcome == wanted and counted and to not in there:
                raise _Invalid(
                    lines[name], f"a {wanted} note of step {name!r} must be led to a {kind.value} step"
                )


def _check_order(
    steps: tuple[Step, ...], ways: Mapping[tuple[str, str], str], lines: Mapping[str, int], posts: bool
) -> None:
    """Posting stands behind every gate, is passed once, and nothing before it prints. A procedure that says
    ``posts = false`` moves no money and prints in no book."""
    first = steps[0].step
    reachable = _reach(first, ways, without="")
    for step in steps:
        if step.step not in reachable:
            raise _Invalid(lines[step.step], f"step {step.step!r} is never reached")
        if _comes_round(step, {one.step: one for one in steps}, ways):
            raise _Invalid(lines[step.step], f"step {step.step!r} is passed over for ever")
    posting = [step for step in steps if KINDS[step.kind].posts]
    if not posts:
        for step in steps:
            if KINDS[step.kind].posts or KINDS[step.kind].prints:
                raise _Invalid(lines[step.step], f"step {step.step!r} in a procedure that posts nothing")
        return
    if len(posting) != 1:
        raise _Invalid(lines[first], "a procedure posts in exactly one step")
    post = posting[0].step
    _check_before(steps, post, ways, lines)
    _check_behind(steps, post, ways, lines)


def _comes_round(step: Step, steps: Mapping[str, Step], ways: Mapping[tuple[str, str], str]) -> bool:
    """Whether guarded steps lead to one another only, so that a transaction could pass them over without end."""
    seen: set[str] = set()
    here: Step | None = step
    while here is not None and here.guard and here.step not in seen:
        seen.add(here.step)
        here = steps.get(ways[here.step, "done"])
    return here is not None and here.step in seen


def _check_before(
    steps: tuple[Step, ...], post: str, ways: Mapping[tuple[str, str], str], lines: Mapping[str, int]
) -> None:
    first = steps[0].step
    gates = {kind for kind, declared in KINDS.items() if declared.gates_posting}
    for kind in sorted(gates - {step.kind for step in steps}, key=lambda one: one.value):
        raise _Invalid(lines[post], f"posting without a {kind.value} step")
    for step in steps:
        if KINDS[step.kind].gates_posting and post in _reach(first, ways, without=step.step):
            raise _Invalid(lines[step.step], f"posting can be reached without step {step.step!r}")
        if KINDS[step.kind].prints and step.step in _reach(first, ways, without=post):
            raise _Invalid(lines[step.step], f"step {step.step!r} prints before posting")


def _check_behind(
    steps: tuple[Step, ...], post: str, ways: Mapping[tuple[str, str], str], lines: Mapping[str, int]
) -> None:
    after = _reach(post, ways, without="") - {post}
    posts_again = {step for (step, _outcome), to in ways.items() if to == post}
    for step in steps:
        if step.step in after and (KINDS[step.kind].gates_posting or step.step in posts_again):
            raise _Invalid(lines[step.step], f"step {step.step!r} comes back behind posting")


def _reach(first: str, ways: Mapping[tuple[str, str], str], without: str) -> set[str]:
    if first == without:
        return set()
    found, waiting = {first}, [first]
    while waiting:
        here = waiting.pop()
        for (step, _outcome), to in ways.items():
            if step == here and to != without and not to.startswith("end:") and to not in found:
                found.add(to)
                waiting.append(to)
    return found
