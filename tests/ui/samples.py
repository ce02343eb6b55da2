"""Snapshots of a desk at every page and state, the rare ones included, with the longest values a branch may meet.

``ALL`` names each one. Built from the procedure the product ships and from views alone; no desk, no machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desk import views as v
from desk.domain.capitals import capitals
from desk.domain.masking import group_number, mask_name, mask_number
from desk.domain.money import format_amount
from desk.domain.procedure_kinds import StepKind, Text
from desk.domain.refusals import RefusalCode, refuse
from desk.facts import LABELS
from desk.procedures.procedure import Procedure
from desk.rules.known_packs import choose_known
from desk.rules.rule_set import RuleSet
from ui.composition import load_procedures
from ui.rule_files import load_packs

NOTHING = Text("", "")
AMOUNT, NUMBER = 2_025_000, "9017002010004821735"
LARGE = 98_765_432_109  # 987,654,321.09: more than a counter takes in a day
RARE, UNDRAWN = "李䶮", "欧阳\U0003134f"
"""A rare character the shipped font has, and one (of plane 3) that no font here has."""
LONG = "城南示例国际货物运输代理与供应链综合管理服务股份有限责任公司"
BODY = "城南示例街道社区居民委员会老年人助餐互助服务志愿者工作联络处"
"""Thirty characters each: a company, and a body whose name no mask shortens."""
TELLER = v.PersonView("0317", "王敏", "teller")
SUPERVISOR = v.PersonView("0102", "李建国", "supervisor")
OTHERS = (SUPERVISOR, v.PersonView("0318", "陈晓", "teller"), v.PersonView("0204", "欧阳文静", "reviewer"))
STAFF = tuple(v.PersonView(f"04{n:02d}", "欧阳文静", "teller") for n in range(30))
SEEN_BY = "0317 06:21 UTC · seen on paper"


def procedure() -> Procedure:
    loaded = load_procedures()
    assert isinstance(loaded, dict)
    return loaded["cash_deposit"]


DEPOSIT = procedure()


@dataclass(frozen=True)
class Who:
    """Whose deposit it is."""

    name: str = "阿依古丽·买买提"
    number: str = NUMBER
    amount: int = AMOUNT


USUAL = Who()
WHO = {
    "company": Who(LONG, "90170020300009000161234"[:23], LARGE),
    "body": Who(BODY, NUMBER, 1_234_567_89),
    "rare": Who(RARE),
    "undrawn": Who(UNDRAWN),
}


def rows(*triples: tuple[int, int | None, int | None]) -> tuple[v.CashRowView, ...]:
    return tuple(v.CashRowView(*one) for one in triples)


CASH = rows((10000, 180, 180), (5000, 40, 40), (1000, 25, 25))
ALL_NOTES = rows((10000, 180, 180), (5000, 40, 40), (2000, 3, 3), (1000, 25, 25), (500, 9, 9), (100, 120, 120),
                 (50, 7, 7), (10, 31, 31))  # fmt: skip


def voucher(who: Who = USUAL, cash: tuple[v.CashRowView, ...] = CASH) -> v.VoucherView:
    return v.VoucherView(
        Text("存款凭条", "Deposit slip"), "城南支行", "2026-11-24", who.name, who.number, who.amount,
        capitals(who.amount), cash,
    )  # fmt: skip


def checks(attested: str = "open", automatic: str = "pass") -> tuple[v.CheckView, ...]:
    packs = load_packs()
    assert isinstance(packs, tuple)
    pack = choose_known(packs, "2026-11-24", "CN")
    assert isinstance(pack, RuleSet), pack
    own = ("VC-01", "VC-03", "VC-04", "VC-06", "VC-12")
    seen = ("deposit_slip", "complete", "figures, capitals", "today", "open")
    views = [
        v.CheckView(name, pack.title(name), "automatic", automatic, 0, what, pack.source(name))
        for name, what in zip(own, seen, strict=True)
    ]
    for key, name in enumerate(DEPOSIT.step_of(StepKind.CHECKLIST).checks, start=1):
        said = "" if attested == "open" else SEEN_BY
        views.append(v.CheckView(name, pack.title(name), "attested", attested, key, said, pack.source(name)))
    return tuple(views)


def facts(who: Who = USUAL) -> v.FactsView:
    """The right column at its fullest."""
    return v.FactsView(
        who.number, who.name, "NORMALISED",
        (("status", "stopped"), ("unprinted", "12"), ("agent", "none"), ("cash_in_today", str(who.amount)),
         ("risk", "high")),
        capitals(who.amount), "agree", 244, 18, (("cash", "differ"), ("voucher", "agree"), ("book", "open")),
    )  # fmt: skip


def signed(who: Who = USUAL) -> tuple[tuple[Text, str], ...]:
    values = (
        "03-1124-0001", "2026-11-24", group_number(who.number), who.name, format_amount(who.amount),
        capitals(who.amount), "100.00×180  50.00×40  10.00×25", "NORMALISED", "0317",
    )  # fmt: skip
    return tuple(zip(LABELS.values(), values, strict=True))


def _steps(current: str) -> tuple[v.StepView, ...]:
    shown = [one for one in DEPOSIT.steps if not one.called]
    names = [one.step for one in shown]
    place = names.index(current if current in names else "count") if current else len(names)
    return tuple(
        v.StepView(
            n, one.step, one.title, one.owner, one.automatic,
            "done" if n <= place else ("current" if n == place + 1 else "waiting"),
        )
        for n, one in enumerate(shown, 1)
    )  # fmt: skip


REASON = Text("金额达到复核限额 20,000.00，第 5、6 步须换人办理",
              "At or above the review limit 20,000.00: steps 5 and 6 need a second person")  # fmt: skip


def transaction(
    page: v.PageView, step: str, who: Who = USUAL, blind: bool = False, seat: v.PersonView | None = None
) -> v.TransactionView:
    here = DEPOSIT.step_named(step) if step else None
    last = DEPOSIT.steps[-1]
    return v.TransactionView(
        "5a" * 16, "03-1124-0001", DEPOSIT.code, DEPOSIT.title, _steps(step), step, here.kind if here else None,
        here.title if here else DEPOSIT.title, (here or last).owner, here.rule if here else NOTHING,
        here.phrase if here else NOTHING, REASON if step else None, page,
        v.FactsView() if blind or step == "identify" else facts(who), blind, step in ("print", "hand_over", ""), seat,
    )  # fmt: skip


CUSTOMER = v.CustomerView("checking", DEPOSIT.title, None, "", "", "", (), "3号柜", "0317")


def customer(state: str, who: Who = USUAL, cash: tuple[v.CashRowView, ...] = CASH) -> v.CustomerView:
    """The customer's screen with something to check."""
    counted = tuple(replace(one, slip_pieces=None) for one in cash)
    return v.CustomerView(
        state, DEPOSIT.title, who.amount, capitals(who.amount), mask_name(who.name), mask_number(who.number), counted,
        "3号柜", "0317",
    )  # fmt: skip


def desk(one: v.TransactionView | None, shown: v.CustomerView = CUSTOMER) -> v.DeskSnapshot:
    return v.DeskSnapshot(
        Text("城南支行", "Chengnan Branch"), "3号柜", "2026-11-24", True, TELLER, (TELLER, *OTHERS), one, (), (),
        (v.MenuEntry("cash_deposit", DEPOSIT.code, DEPOSIT.title),), shown, 127,
    )  # fmt: skip


def at(
    page: v.PageView, step: str, who: Who = USUAL, blind: bool = False, seat: v.PersonView | None = None
) -> v.DeskSnapshot:
    return desk(transaction(page, step, who, blind, seat))


# --- the pages --------------------------------------------------------------------------------------------------------


def identified(who: Who, status: str = "open", party: str = "person") -> v.IdentifyView:
    kind = "entity_settlement" if party == "entity" else "current_savings"
    return v.IdentifyView(who.number, who.name, kind, status, 12, reading=False, party=party)


def count(
    state: str, cash: tuple[v.CashRowView, ...] = CASH, second: bool = False, rejected: int = 0, accept: bool = False,
    who: Who = USUAL,
) -> v.CountView:  # fmt: skip
    if second:
        cash = ()
    found = {"short": who.amount - 5000, "over": who.amount + 120_000}.get(state, who.amount)
    return v.CountView(
        cash, None if second else who.amount, 0 if second else found, 0 if second else 31_50, 10000 if rejected else 0,
        rejected, state, 137 if state == "counting" else 0, 1_370_000 if state == "counting" else 0, 2, second, 226, 18,
        accept,
    )  # fmt: skip


def suspect(
    given: tuple[str, ...] = (), reading: str = "unfit", minor: int = 10000, inspecting: bool = False,
    candidates: tuple[v.PersonView, ...] = OTHERS,
) -> v.SuspectNoteView:  # fmt: skip
    people = (TELLER, SUPERVISOR)
    verdicts = tuple(v.VerdictView(people[n], one) for n, one in enumerate(given))
    return v.SuspectNoteView(
        "n1", 3, inspecting, reading, minor, verdicts, min(2, len(given) + 1), candidates, TELLER
    )


def review(stage: str, who: Who = USUAL, differing: tuple[str, ...] = ()) -> v.ReviewView:
    agreed = stage != "rekey"
    return v.ReviewView(
        stage, SUPERVISOR, TELLER, voucher(who), who.name if agreed else "", who.name if agreed else "",
        signed(who) if agreed else (), "5890 7AEB 1C6B 91F7" if agreed else "", differing,
        checks("pass") if agreed else (), stage == "sign", DEPOSIT.return_reasons, True,
    )  # fmt: skip


def _line(line: int, summary: str, amount: int, balance: int, new: bool) -> v.BookLineView:
    columns = (("date", "20261124"), ("summary", summary), ("amount", "+" + format_amount(amount)),
               ("balance", format_amount(balance)), ("operator", "0317"))  # fmt: skip
    return v.BookLineView(line, columns, new)


LINES = (_line(7, "代发工资", 640_000, 1_891_873, new=False), _line(8, "水电费", 23_450, 1_868_423, new=False),
         _line(9, "现金存款", AMOUNT, 3_893_423, new=True))  # fmt: skip
MANY = tuple(
    _line(n, "代发工资补贴", LARGE if n == 24 else 640_000, LARGE * 2, new=n == 24) for n in range(14, 25)
)
PAGE = tuple(_line(n, "代发工资补贴", 640_000, AMOUNT * 900, new=n == 24) for n in range(1, 25))


def printing(
    state: str, lines: tuple[v.BookLineView, ...] = LINES, question: tuple[v.BookLineView, ...] = (),
    candidates: tuple[v.PersonView, ...] = OTHERS, full: bool = False, cursor: tuple[int, int] = (8, 7),
) -> v.PrintView:  # fmt: skip
    placed = tuple(
        v.PlacedText(
            x, 15.24 + 6.35 * (one.line - 1) + (9.2 if one.line > 12 else 0), dict(one.columns)[name], one.new
        )
        for one in lines
        for x, name in (
            (6.0, "date"),
            (28.0, "summary"),
            (52.0, "amount"),
            (86.0, "balance"),
            (120.5, "operator"),
        )
    )
    refusal = refuse(RefusalCode.BOOK_FULL) if full else None
    if full:
        lines, placed = (), ()
    return v.PrintView(
        state, 8, 150.0, 180.0, 88.0, placed, lines, 0, question, candidates, refusal, cursor, 8, 24,
        "9017002010004821735",
    )  # fmt: skip


def ended(outcome: str, who: Who = USUAL) -> v.EndView:
    reason = "" if outcome == "archived" else "客户改变主意；现金与凭条当面退回，另请主管到场说明"
    next_person = "0102" if outcome in ("disputed", "withheld", "customer_left") else ""
    return v.EndView(outcome, "03-1124-0001", who.amount, who.amount * 2, reason, next_person)


def menu() -> v.DeskSnapshot:
    """Between customers with much that is open."""
    step = DEPOSIT.step_named("second_count").title
    parked = tuple(v.ParkedView(f"{n}" * 32, f"03-1124-000{n}", DEPOSIT.title, step) for n in (1, 2, 3))
    items = tuple(
        v.ItemView(f"i{n}", kind, f"03-1124-000{n}", "李建国 0102")
        for n, kind in enumerate(("print_unknown", "disputed", "withheld_note", "verdict_differs"))
    )
    return replace(desk(None), parked=parked, items=items)


OUTCOMES = ("archived", "cancelled", "rejected", "disputed", "withheld", "customer_left")
MATCHES = {
    "agree": (True, "NORMALISED", ("DOT_KIND",), "agree"),
    "encoding": (True, "NEAR_E", ("DOT_MISSING", "DIACRITIC", "TRAD", "PUA", "had_invisible"), "stop"),
    "other_name": (True, "NO_MATCH", ("HOMOPHONE", "ONE_CHAR", "TYPO", "ORDER"), "stop"),
    "unreadable": (True, "NOT_CHECKABLE", ("PUA",), "stop"),
    "number": (False, "EXACT", (), "stop"),
    "pending": (False, "", (), "stop"),
}


def match(key: str, who: Who = USUAL, written: str = "") -> v.NameMatchView:
    agrees, result, reasons, way = MATCHES[key]
    number = who.number if agrees else who.number[:-1] + "6"
    return v.NameMatchView(number, written or who.name, who.number, who.name, agrees, result, reasons, way)


def _all() -> Mapping[str, v.DeskSnapshot]:
    found: dict[str, v.DeskSnapshot] = {"menu": desk(None), "menu-full": menu()}
    found["identify-reading"] = at(v.IdentifyView("", "", "", "", 0, True, ""), "identify")
    found["identify-unread"] = at(v.IdentifyView("", "", "", "", 0, False, ""), "identify")
    found["identify-found"] = at(identified(USUAL), "identify")
    found["identify-stopped"] = at(identified(USUAL, "stopped"), "identify")
    found["identify-company"] = at(
        identified(WHO["company"], "dormant", "entity"), "identify", WHO["company"]
    )
    found["slip-keying"] = at(v.SlipView(voucher(), None, (), False, 0, "2026-11-24"), "slip")
    found["slip-typed"] = at(v.SlipView(None, None, (), False, 0, "2026-11-24"), "slip")
    blank = v.SlipView(voucher(), None, (), False, 1, "2026-11-24")
    for by in ("review", "customer"):
        one = replace(
            transaction(blank, "slip"), given_back=(by, "金额与凭条不一致；Amount differs from the slip")
        )
        found[f"slip-given-back-{by}"] = desk(one)
    for state in ("open", "pass", "fail"):
        keyed = v.SlipView(voucher(), AMOUNT, checks(state), state == "pass", 2, "2026-11-24")
        found[f"slip-{state}"] = at(keyed, "slip")
    bad = v.SlipView(voucher(), AMOUNT, checks("open", "fail"), False, 2, "2026-11-24")
    found["slip-automatic-fail"] = at(bad, "slip")
    found["slip-typed-keyed"] = at(v.SlipView(None, AMOUNT, checks(), False, 2, "2026-11-24"), "slip")
    found["slip-all-notes"] = at(
        v.SlipView(voucher(WHO["company"], ALL_NOTES), LARGE, checks(), False, 2, "2026-11-24"),
        "slip",
        WHO["company"],
    )
    for key in MATCHES:
        found[f"match-{key}"] = at(match(key), "match")
    for key, who in WHO.items():
        found[f"match-{key}"] = at(match("other_name", who, who.name[:-1] + "厂"), "match", who)
        found[f"review-compare-{key}"] = at(review("compare", who), "review", who, seat=SUPERVISOR)
    found |= _counts()
    found |= _suspects()
    found["seat"] = at(v.SeatView("review", OTHERS), "second_count", blind=True)
    found["seat-thirty"] = at(v.SeatView("review", STAFF), "second_count", blind=True)
    found["seat-nobody"] = at(v.SeatView("review", ()), "review", blind=True)
    found["review-rekey"] = at(review("rekey"), "review", blind=True, seat=SUPERVISOR)
    found["review-differs"] = at(
        review("rekey", differing=("amount", "account")), "review", blind=True, seat=SUPERVISOR
    )
    found["review-compare"] = at(review("compare"), "review", seat=SUPERVISOR)
    found["review-sign"] = at(review("sign"), "review", seat=SUPERVISOR)
    for key, who in {"usual": USUAL, **WHO}.items():
        confirm = v.ConfirmView(
            who.amount, capitals(who.amount), mask_name(who.name), mask_number(who.number), ALL_NOTES
        )
        found[f"confirm-{key}"] = desk(
            transaction(confirm, "confirm", who), customer("confirm", who, ALL_NOTES)
        )
    gates = tuple(
        v.CheckView(one.step, one.title, "automatic", "pass", 0, "", "")
        for one in DEPOSIT.steps[: [s.step for s in DEPOSIT.steps].index("post")]
        if not one.called
    )
    found["post-ready"] = at(v.PostView(gates, AMOUNT, True), "post")
    found["post-open"] = at(
        v.PostView((*gates[:-1], replace(gates[-1], state="open")), AMOUNT, False), "post"
    )
    found |= _prints()
    items = (Text("存折", "Passbook"), Text("回单", "Receipt"))
    for receipt in ("", "done", "not_done", "unknown"):
        page = v.HandOverView(LARGE * 2, LARGE, 9, receipt, Text("现金讫章", '"Cash received" stamp'), items)
        found[f"hand-over-{receipt or 'none'}"] = desk(
            transaction(page, "hand_over", WHO["company"]), customer("done", WHO["company"])
        )
    for outcome in OUTCOMES:
        found[f"ended-{outcome}"] = at(ended(outcome, WHO["company"]), "")
    return found


def _counts() -> dict[str, v.DeskSnapshot]:
    mixed = rows((10000, 180, 179), (5000, 40, 42), (1000, 25, 25))
    short = rows((10000, 180, 180), (5000, 40, 39), (1000, 25, 25))
    over = rows((10000, 180, 190), (5000, 40, 44), (1000, 25, 25))
    return {
        "count-empty": at(count("empty", ()), "count"),
        "count-counting": at(count("counting"), "count"),
        "count-short": at(count("short", short), "count"),
        "count-over": at(count("over", over), "count"),
        "count-mix": at(count("mix", mixed, accept=True), "count"),
        "count-incomplete": at(count("incomplete", ()), "count"),
        "count-agrees": at(count("agrees", accept=True), "count"),
        "count-rejected": at(count("short", short, rejected=3), "count"),
        "count-all-notes": at(
            count("over", ALL_NOTES, rejected=3, who=WHO["company"]), "count", WHO["company"]
        ),
        **{
            f"second-{state}": at(
                count(state, second=True, accept=state == "agrees"),
                "second_count",
                blind=True,
                seat=SUPERVISOR,
            )
            for state in ("empty", "counting", "incomplete", "differs", "agrees")
        },
    }


def _suspects() -> dict[str, v.DeskSnapshot]:
    return {
        "suspect-inspecting": at(suspect(reading="", minor=0, inspecting=True), "suspect"),
        "suspect-unread": at(suspect(reading="", minor=0), "suspect"),
        "suspect-first": at(suspect(reading="counterfeit_suspected", minor=0), "suspect"),
        "suspect-second": at(suspect(("counterfeit",), "suspect"), "suspect"),
        "suspect-differing": at(suspect(("counterfeit", "genuine"), "suspect"), "suspect"),
        "suspect-thirty": at(suspect(("genuine",), candidates=STAFF), "suspect"),
        "suspect-nobody": at(suspect(("genuine",), candidates=()), "suspect"),
    }


def _prints() -> dict[str, v.DeskSnapshot]:
    views = {
        "ready": printing("ready"),
        "many": printing("ready", MANY),
        "needs_book": printing("needs_book"),
        "printing": printing("printing"),
        "unknown": printing("unknown", LINES, (MANY[-1],)),
        "unknown-nine": printing("unknown", MANY, MANY[:9]),
        "unknown-page": printing("unknown", PAGE, PAGE),
        "not_done": printing("not_done"),
        "again": printing("again"),
        "again-many": printing("again", MANY[:9]),
        "again-page": printing("again", PAGE, candidates=STAFF),
        "again-nobody": printing("again", candidates=()),
        "full": printing("ready", full=True),
        "again-full": printing("again", full=True),
        "turn": printing("turn", MANY),
        "look": printing("look"),
        "look-next-page": printing("look", MANY, cursor=(8, 1)),
        "look-blank": printing("look", cursor=(1, 1)),
        "summed": printing("ready", (LINES[0], replace(LINES[1], entries=12), LINES[2])),
    }
    return {f"print-{name}": at(view, "print") for name, view in views.items()}


ALL = _all()
