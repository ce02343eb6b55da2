"""The register of controlled forms, judged (counter-rules §4.4 BV-1 … BV-8, VC-23): in and out, use in order, void.

Every movement is judged before it happens; a gap in the numbers stops. ``desk.domain.controlled_forms`` holds the
register. Whether a form carries a stamp already is what people saw, brought in as a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from desk.domain.controlled_forms import (
    BroughtBack,
    FormRegister,
    Moved,
    Movement,
    Presented,
    Received,
    Run,
    Sold,
    Spoiled,
    Used,
    holds,
    merged,
    without,
)
from desk.rules.judgement import OK, STOP, Judgement, Reason
from desk.rules.number_rules import pack_of
from desk.rules.number_text import why
from desk.rules.rule_pack import RulePack, RuleRow
from desk.rules.rule_set import RuleSet

ONE_YUAN = 100
"""What a form without a face value is booked at, in minor units (BV-1)."""

Flaw = tuple[str, Reason]
"""The rule that stops, and why."""


def form_row(kind: str, rules: RuleSet) -> RuleRow | None:
    """What the pack says of a kind of form."""
    return _row(kind, pack_of(rules))


def _row(kind: str, pack: RulePack) -> RuleRow | None:
    return next((row for row in pack.family("FORM-") if row.text("kind") == kind), None)


def book_value(kind: str, face_minor: int, rules: RuleSet) -> int:
    """What one form of a kind is booked at: one yuan, or the face value of a security."""
    row = form_row(kind, rules)
    return face_minor if row is not None and row.text("book_value") == "face" else ONE_YUAN


def judge_movement(register: FormRegister, movement: Movement, rules: RuleSet) -> Judgement:
    """Whether a movement may happen; STOP names the rule and every reason. ``value``: the numbers it is about."""
    pack = pack_of(rules)
    rule, judge = _JUDGES[type(movement)]
    flaws = [*_form_flaws(movement.run, pack), *judge(register, movement, pack)]
    if flaws:
        return Judgement(STOP, tuple(reason for _, reason in flaws), flaws[0][0], movement.run.words)
    return Judgement(OK, (), rule, movement.run.words)


def _form_flaws(run: Run, pack: RulePack) -> Iterator[Flaw]:
    row = _row(run.kind, pack)
    if row is None:
        yield (
            "BV-2",
            why(
                "UNKNOWN_FORM",
                f"没有“{run.kind}”这种重要空白凭证",
                f"There is no controlled form {run.kind!r}",
            ),
        )
        return
    if run.count < 1 or len(run.text(run.last)) != len(run.prefix) + row.whole("digits"):
        yield (
            "BV-2",
            why(
                "BAD_RUN",
                f"起讫号码不成立：{run.words}；应为 {row.whole('digits')} 位，止号不小于起号",
                f"{run.words} is no run: numbers have {row.whole('digits')} digits, the last not before the first",
            ),
        )
    if row.text("book_value") == "one_yuan" and run.unit_minor != ONE_YUAN and pack.rule("BV-1"):
        yield (
            "BV-1",
            why("BOOK_VALUE", "该凭证每份按 1 元登记表外", "A form of this kind is booked at 1 yuan each"),
        )


def _stamped(stamped: bool) -> Iterator[Flaw]:
    if stamped:
        yield (
            "BV-4",
            why(
                "PRE_STAMPED",
                "凭证已预先盖章或签字：停办，封存并报告主管",
                "A form was stamped or signed beforehand: stop, set it apart, tell the supervisor",
            ),
        )


def _received(register: FormRegister, done: Received, pack: RulePack) -> Iterator[Flaw]:
    yield from _stamped(done.stamped)
    due = pack.rules["BV-2"].whole("persons")
    if len({person for person in done.people if person}) < due:
        yield (
            "BV-2",
            why("TOO_FEW", f"入库须 {due} 人办理", f"{due} different people take forms in"),
        )
    if done.listed != done.run.count:
        yield (
            "BV-2",
            why(
                "COUNT_DIFFERS",
                f"清单 {done.listed} 份，实收 {done.run.words} 共 {done.run.count} 份",
                f"The list says {done.listed}; {done.run.words} are {done.run.count}",
            ),
        )
    twice = next((run for run in register.known() if run.overlaps(done.run)), None)
    if twice:
        yield (
            "BV-2",
            why("KNOWN", f"号码已在登记簿：{twice.words}", f"The register has these numbers: {twice.words}"),
        )


def _moved(register: FormRegister, done: Moved, pack: RulePack) -> Iterator[Flaw]:
    yield from _stamped(done.stamped)
    if not done.handed_by or not done.taken_by or done.handed_by == done.taken_by:
        yield (
            "BV-2",
            why("SAME_PERSON", "交出与接收须为两人", "One person hands over and another takes in"),
        )
    yield from _unauthorised(done.authorised_by, (done.handed_by, done.taken_by), pack)
    yield from _in_hand(register, done.giver, done.run)
    first = register.next_run(done.giver, done.run.kind)
    if first and holds(register.of(done.giver), done.run) and not _begins_or_ends(register, done):
        yield "BV-3", _out_of_order(first, done.run)


def _begins_or_ends(register: FormRegister, done: Moved) -> bool:
    """Forms go on from the lowest number, and come back from the highest: either leaves no gap behind."""
    runs = [run for run in register.of(done.giver) if run.kind == done.run.kind]
    return done.run.first == runs[0].first or done.run.last == runs[-1].last


def _unauthorised(authoriser: str, others: tuple[str, ...], pack: RulePack) -> Iterator[Flaw]:
    if pack.rule("BV-7") and (not authoriser or authoriser in others):
        yield (
            "BV-7",
            why(
                "NOT_AUTHORISED",
                "须由经手人以外的人授权",
                "Somebody who does not handle the forms authorises it",
            ),
        )


def _in_hand(register: FormRegister, holder: str, run: Run) -> Iterator[Flaw]:
    """VC-23: every number unused and in that hand."""
    if holds(register.of(holder), run):
        return
    state = register.state_of(run)
    yield (
        "BV-3",
        why(
            state.upper() if state != "unused" else "NOT_IN_HAND",
            f"号码 {run.words} 不在 {holder} 名下未用（{_STATES_ZH[state]}）",
            f"{run.words} is not unused in the hand of {holder}: {_STATES_EN[state]}",
        ),
    )


_STATES_ZH: Mapping[str, str] = {
    "unused": "由他人保管，或只有一部分",
    "used": "已使用",
    "spoiled": "已作废",
    "sold": "已出售",
    "destroyed": "已切角作废",
    "out_of_range": "不在登记号段内",
}
_STATES_EN: Mapping[str, str] = {
    "unused": "somebody else has it",
    "used": "it was used",
    "spoiled": "it is void",
    "sold": "it was sold",
    "destroyed": "it came back and was cut",
    "out_of_range": "the register has no such number",
}


def _in_order(register: FormRegister, holder: str, run: Run) -> Iterator[Flaw]:
    """BV-3: in hand, and beginning with the next number."""
    flaws = tuple(_in_hand(register, holder, run))
    yield from flaws
    following = register.next_run(holder, run.kind)
    if following and not flaws and (following.prefix, following.first) != (run.prefix, run.first):
        yield "BV-3", _out_of_order(following, run)


def _out_of_order(following: Run, run: Run) -> Reason:
    expected = following.text(following.first)
    return why(
        "OUT_OF_ORDER",
        f"跳号：下一份应为 {expected}，不是 {run.text(run.first)}；停办并查找 {expected}",
        f"A number is skipped: {expected} is next, not {run.text(run.first)}; stop and look for {expected}",
    )


def _one(run: Run) -> Iterator[Flaw]:
    if run.count > 1:
        yield (
            "BV-3",
            why("ONE_BY_ONE", "须逐份销号，一次一份", "Each number is cancelled by itself, one at a time"),
        )


def _used(register: FormRegister, done: Used, _: RulePack) -> Iterator[Flaw]:
    yield from _stamped(done.stamped)
    yield from _one(done.run)
    yield from _in_order(register, done.holder, done.run)


def _spoiled(register: FormRegister, done: Spoiled, pack: RulePack) -> Iterator[Flaw]:
    yield from _one(done.run)
    yield from _unattested("BV-5", done.attested, pack)
    yield from _unauthorised(done.authorised_by, (done.holder,), pack)
    if not register.was_used_by(done.run, done.holder):  # one that was printed wrong has been used already
        yield from _in_order(register, done.holder, done.run)


def _unattested(rule: str, attested: frozenset[str], pack: RulePack) -> Iterator[Flaw]:
    row = pack.rule(rule)
    for due in row.texts("attest") if row else ():
        if due not in attested:
            zh, en = _ATTESTED.get(due, (due, due))
            yield rule, why("NOT_ATTESTED", f"尚未确认：{zh}", f"Not attested yet: {en}")


_ATTESTED: Mapping[str, tuple[str, str]] = {
    "stamped_void": ("已加盖作废章", "stamped void"),
    "corner_cut": ("已切角", "a corner cut"),
    "kept_as_attachment": ("已作附件保管", "kept as an attachment"),
    "listed": ("已列清单", "listed"),
}


def _sold(register: FormRegister, done: Sold, pack: RulePack) -> Iterator[Flaw]:
    yield from _stamped(done.stamped)
    row = _row(done.run.kind, pack)
    if row and row.text("issued_by") != "customer":
        yield (
            "BV-2",
            why(
                "NOT_FOR_SALE",
                "该凭证由银行签发，不得出售",
                "The bank issues this form itself; it is not sold",
            ),
        )
    yield from _in_order(register, done.holder, done.run)


def _brought_back(register: FormRegister, done: BroughtBack, pack: RulePack) -> Iterator[Flaw]:
    yield from _unattested("BV-6", done.attested, pack)
    if not done.taken_by or not done.checked_by or done.taken_by == done.checked_by:
        yield (
            "BV-2",
            why("SAME_PERSON", "收回与核对须为两人", "One person takes them back and another checks"),
        )
    if not holds(register.outstanding(done.account), done.run):
        yield "BV-6", _not_theirs(done.run)


def _presented(register: FormRegister, done: Presented, _: RulePack) -> Iterator[Flaw]:
    yield from _one(done.run)
    if not holds(register.outstanding(done.account), done.run):
        yield "BV-3", _not_theirs(done.run)


def _not_theirs(run: Run) -> Reason:
    return why(
        "NOT_THEIRS",
        f"号码 {run.words} 不是出售给该户的未用凭证",
        f"{run.words} are no unused forms that were sold to this account",
    )


_JUDGES: Mapping[type[Any], tuple[str, Callable[[FormRegister, Any, RulePack], Iterator[Flaw]]]] = {
    Received: ("BV-2", _received),
    Moved: ("BV-2", _moved),
    Used: ("BV-3", _used),
    Spoiled: ("BV-5", _spoiled),
    Sold: ("BV-3", _sold),
    BroughtBack: ("BV-6", _brought_back),
    Presented: ("BV-3", _presented),
}
"""Who judges a movement, and the rule under which it passes."""


def judge_count(
    register: FormRegister, holder: str, counted: tuple[Run, ...], counter: str, rules: RuleSet
) -> Judgement:
    """The count at day end against the register (BV-7): by another person, number by number."""
    pack = pack_of(rules)
    flaws: list[Flaw] = []
    if pack.rule("BV-7") and counter in ("", holder):
        flaws.append(("BV-7", why("SAME_PERSON", "须由他人清点", "Another person counts")))
    expected, found = register.of(holder), merged(counted)
    for run in _difference(expected, found):
        flaws.append(("BV-3", why("MISSING", f"缺号：{run.words}", f"Missing: {run.words}")))
    for run in _difference(found, expected):
        flaws.append(("BV-3", why("SURPLUS", f"多出：{run.words}", f"Too many: {run.words}")))
    if flaws:
        return Judgement(STOP, tuple(reason for _, reason in flaws), flaws[0][0])
    return Judgement(OK, (), "BV-7")


def _difference(these: tuple[Run, ...], others: tuple[Run, ...]) -> tuple[Run, ...]:
    left = these
    for run in others:
        left = without(left, run)
    return left
