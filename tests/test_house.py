"""The plan of the house, held against every file on disk (DESIGN §1): who may import whom, what the core may touch,
where an import may wait, no float near money, no event without its place.

Each check reads source text, so a new file is held to it the day it is written, and each is shown a text that breaks
it, so that a check which sees nothing cannot pass.
"""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.domain import events
from desk.domain import transaction as transaction_module
from desk.journal import codec

ROOT = Path(__file__).parents[1]
ROOMS = ("desk", "devices", "ui")
CORE = ("desk.domain", "desk.rules", "desk.procedures", "desk.journal")
MONEY = ("desk.domain", "desk.rules", "desk.procedures", "desk.corebank")
STANDARD = sys.stdlib_module_names


@dataclass(frozen=True)
class Source:
    """One module: its dotted name, its text and what the text says."""

    module: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def within(self, *packages: str) -> bool:
        return any(self.module == one or self.module.startswith(one + ".") for one in packages)


def sources() -> Iterator[Source]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield Source(".".join(parts).removesuffix(".__init__"), path.read_text(encoding="utf-8"))


ALL = tuple(sources())


# --- what a text imports --------------------------------------------------------------------------------


def names_of(node: ast.AST, module: str) -> Iterator[str]:
    """Dotted names an import statement may bring in: ``from a import b`` is both ``a`` and ``a.b``."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            base = ".".join([*module.split(".")[: -node.level], *([base] if base else [])])
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)


def imports(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        yield from names_of(node, source.module)


def inside(name: str, *packages: str) -> bool:
    return any(name == one or name.startswith(one + ".") for one in packages)


def deferred(source: Source) -> Iterator[ast.Import | ast.ImportFrom | ast.Call]:
    """Imports that happen when a function runs, ``import_module`` and ``__import__`` among them."""
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                named = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1]
                if isinstance(node, ast.Import | ast.ImportFrom) or (
                    isinstance(node, ast.Call) and named in ("import_module", "__import__")
                ):
                    yield node


# --- the checks: each gives its findings as sentences -----------------------------------------------------


def direction(source: Source) -> Iterator[str]:
    """ui → desk → devices.contracts; nothing the other way."""
    for name in imports(source):
        if source.within("devices") and inside(name, "desk", "ui"):
            yield f"devices knows {name}"
        if source.within("desk") and inside(name, "ui"):
            yield f"desk knows {name}"
        values = inside(name, "devices.contracts", "devices.errors") or name == "devices"
        if source.within("desk") and inside(name, "devices") and not values:
            yield f"desk knows {name}"


def simulators_stand_alone(source: Source) -> Iterator[str]:
    """A simulator that shared the codec with the driver would agree with its mistakes."""
    for name in imports(source):
        if source.within("devices.simulators") and inside(name, "devices.wire", "devices.drivers"):
            yield f"a simulator knows {name}"


def wire_is_sans_io(source: Source) -> Iterator[str]:
    """Bytes and messages only: no time, no threads, no lines."""
    forbidden = (
        "time",
        "threading",
        "serial",
        "socket",
        "asyncio",
        "select",
        "devices.link",
        "devices.drivers",
    )
    for name in imports(source):
        if source.within("devices.wire") and inside(name, *forbidden):
            yield f"the wire knows {name}"


def domain_is_pure_facts(source: Source) -> Iterator[str]:
    """desk.domain stands on the standard library and itself."""
    if not source.within("desk.domain"):
        return
    for name in imports(source):
        if name != "desk" and not inside(name, "desk.domain") and name.split(".")[0] not in STANDARD:
            yield f"the domain knows {name}"


IMPURE = (
    "PySide6", "shiboken6", "time", "os", "io", "pathlib", "shutil", "tempfile", "glob", "socket", "serial",
    "subprocess", "threading", "asyncio", "multiprocessing", "concurrent", "sqlite3", "sqlalchemy", "psycopg",
    "alembic", "keyring", "platformdirs", "random", "secrets", "uuid", "logging", "devices", "desk.persistence",
    "desk.handlers", "desk.session",
)  # fmt: skip
IMPURE_CALLS = re.compile(r"(?:^|\.)(?:now|utcnow|today|fromtimestamp)$|^(?:open|print|input|breakpoint)$")


def core_is_pure(source: Source) -> Iterator[str]:
    """No Qt, clock, disk, wire or database in the core; bytes, clock and people come in as values."""
    if not source.within(*CORE):
        return
    for name in imports(source):
        if inside(name, *IMPURE):
            yield f"the core knows {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and IMPURE_CALLS.search(ast.unparse(node.func)):
            yield f"the core calls {ast.unparse(node.func)}"


def faces_without_qt(source: Source) -> Iterator[str]:
    """The desk and the command line are free of Qt; a command may bring the window in when it runs."""
    late = {node.lineno for node in deferred(source)}
    for node in ast.walk(source.tree):
        if source.within("desk", "ui.command_line", "devices") and getattr(node, "lineno", 0) not in late:
            yield from (
                f"{name} at the top" for name in names_of(node, source.module) if inside(name, "PySide6")
            )


MAY_DEFER = ("ui.app", "ui.command_line.main")
NAMED_REASON = re.compile(r"#.*noqa: PLC0415\s*-\s*\w+")
NAMED_BY_DATA = (
    "desk.persistence.secrets", "devices.registry", "devices.decode.table", "devices.masking",
    "ui.command_line.devices", "ui.command_line.rules", "ui.command_line.rules_actions.try_question",
)  # fmt: skip
"""They import what a table names: this system's key store, the simulator asked for, this desk's own drivers, the one
explainer, the one protocol's masks, the one action asked for and the one question put."""


def imports_stand_at_the_top(source: Source) -> Iterator[str]:
    """Only ui/app.py and the command table may defer an import; any other says on its line why it must."""
    if source.module in MAY_DEFER:
        return
    lines = source.text.splitlines()
    for node in deferred(source):
        by_data = isinstance(node, ast.Call) and source.module in NAMED_BY_DATA
        if not by_data and not NAMED_REASON.search(lines[node.lineno - 1]):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def no_float_near_money(source: Source) -> Iterator[str]:
    """Money is whole minor units: no float literal, no float, no true division, no rounding."""
    if not source.within(*MONEY):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"line {node.lineno}: the literal {node.value}"
        if isinstance(node, ast.Name) and node.id in ("float", "round", "Decimal", "Fraction"):
            yield f"line {node.lineno}: {node.id}"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"line {node.lineno}: {ast.unparse(node)}"
    yield from (
        f"it imports {name}" for name in imports(source) if inside(name, "math", "decimal", "fractions")
    )


def opens_with_its_purpose(source: Source) -> Iterator[str]:
    """Every module with code in it opens with a docstring."""
    if source.text.strip() and not ast.get_docstring(source.tree):
        yield "no docstring"


Check = Callable[[Source], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    direction,
    simulators_stand_alone,
    wire_is_sans_io,
    domain_is_pure_facts,
    core_is_pure,
    faces_without_qt,
    imports_stand_at_the_top,
    no_float_near_money,
    opens_with_its_purpose,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_file_of_the_house(check: Check) -> None:
    found = [f"{source.module}: {text}" for source in ALL for text in check(source)]
    assert found == []


def test_every_file_is_looked_at() -> None:
    modules = {source.module for source in ALL}
    assert {
        "desk.domain.money",
        "devices.contracts",
        "ui.command_line.main",
        "desk",
        "devices",
        "ui",
    } <= modules
    assert {source.module.split(".")[0] for source in ALL} == set(ROOMS)
    on_disk = sum(1 for room in ROOMS for _ in (ROOT / room).rglob("*.py"))
    assert len(ALL) == len(modules) == on_disk


BAD: list[tuple[Check, str, str]] = [
    (direction, "devices.drivers.x", "from desk.domain import money"),
    (direction, "devices.x", "import ui.texts"),
    (direction, "devices.x", "def f():\n    import desk"),
    (direction, "desk.x", "from ui import texts"),
    (direction, "desk.x", "from devices import drivers"),
    (direction, "desk.x", "from devices.drivers.t5040 import T5040Printer"),
    (direction, "desk.handlers.x", "import devices.worker"),
    (simulators_stand_alone, "devices.simulators.x", "from devices.wire import aa55"),
    (simulators_stand_alone, "devices.simulators.x", "from ..wire import aa55"),
    (simulators_stand_alone, "devices.simulators.x", "import devices.drivers.ebds"),
    (wire_is_sans_io, "devices.wire.x", "import time"),
    (wire_is_sans_io, "devices.wire.x", "import serial"),
    (domain_is_pure_facts, "desk.domain.x", "import msgspec"),
    (domain_is_pure_facts, "desk.domain.x", "from desk.rules import rule_pack"),
    (domain_is_pure_facts, "desk.domain.x", "from desk import rules"),
    (core_is_pure, "desk.rules.x", "from PySide6.QtCore import QObject"),
    (core_is_pure, "desk.journal.x", "import sqlite3"),
    (core_is_pure, "desk.procedures.x", "from pathlib import Path"),
    (core_is_pure, "desk.domain.x", "import time"),
    (core_is_pure, "desk.rules.x", "from datetime import datetime\nX = datetime.now()"),
    (core_is_pure, "desk.rules.x", "import datetime\nX = datetime.date.today()"),
    (core_is_pure, "desk.journal.x", "def f():\n    return open('x')"),
    (faces_without_qt, "ui.command_line.x", "from PySide6.QtWidgets import QWidget"),
    (faces_without_qt, "desk.x", "import PySide6"),
    (imports_stand_at_the_top, "ui.x", "def f():\n    import json"),
    (imports_stand_at_the_top, "ui.x", "def f():\n    import json  # noqa: PLC0415"),
    (imports_stand_at_the_top, "ui.x", "import importlib\ndef f():\n    importlib.import_module('a')"),
    (imports_stand_at_the_top, "ui.x", "f = lambda: __import__('a')"),
    (no_float_near_money, "desk.domain.x", "RATE = 0.5"),
    (no_float_near_money, "desk.corebank.x", "def f(a):\n    return float(a)"),
    (no_float_near_money, "desk.procedures.x", "def f(a: float): ..."),
    (no_float_near_money, "desk.procedures.x", "def f(a):\n    return a / 100"),
    (no_float_near_money, "desk.domain.x", "from decimal import Decimal"),
    (opens_with_its_purpose, "ui.x", "X = 1"),
]


@pytest.mark.parametrize(("check", "module", "text"), BAD)
def test_each_check_can_fail(check: Check, module: str, text: str) -> None:
    assert list(check(Source(module, text))) != []


GOOD: list[tuple[Check, str, str]] = [
    (direction, "desk.x", "from devices.contracts import Outcome\nfrom devices.errors import DeviceError"),
    (direction, "ui.x", "from desk.session import TellerSession\nfrom devices.drivers import t5040"),
    (core_is_pure, "desk.rules.x", "from datetime import date"),
    (core_is_pure, "desk.persistence.x", "import sqlite3\nX = open('x')"),
    (faces_without_qt, "ui.command_line.x", "def run():\n    import PySide6"),
    (faces_without_qt, "ui.pages.x", "import PySide6"),
    (imports_stand_at_the_top, "ui.app", "def f():\n    import json"),
    (imports_stand_at_the_top, "ui.x", "def f():\n    import tty  # noqa: PLC0415 - absent on Windows"),
    (no_float_near_money, "desk.machines", "X = 0.5"),
    (no_float_near_money, "desk.domain.x", "X = 7 // 2"),
]


@pytest.mark.parametrize(("check", "module", "text"), GOOD)
def test_no_check_forbids_what_is_allowed(check: Check, module: str, text: str) -> None:
    assert list(check(Source(module, text))) == []


def test_the_command_line_starts_without_qt_or_a_database() -> None:
    """What the texts promise, seen in a fresh interpreter."""
    heavy = ["PySide6", "sqlalchemy", "psycopg", "escpos", "keyring"]
    program = f"import sys, ui.command_line.main; print([one for one in {heavy} if one in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


# --- every event has its place ------------------------------------------------------------------------------


def event_classes() -> set[type[events.Event]]:
    named = (one for _, one in inspect.getmembers(events, inspect.isclass))
    return {one for one in named if issubclass(one, events.Event) and one is not events.Event}


def without_a_place(
    classes: set[type[events.Event]], written: set[type[events.Event]], folded: set[type[events.Event]]
) -> set[str]:
    """Events that the codec cannot write, and events of a transaction that no fold takes in."""
    unwritten = classes - written - {events.UnknownEvent}
    unfolded = classes - folded - set(events.DESK_EVENTS) - {events.UnknownEvent}
    return {one.__name__ for one in unwritten | unfolded}


def test_every_event_is_written_and_folded_or_belongs_to_the_desk() -> None:
    written, folded = set(codec._TYPES.values()), set(transaction_module._FOLDS)
    assert without_a_place(event_classes(), written, folded) == set()
    assert set(events.TRANSACTION_EVENTS) == folded
    assert not folded & set(events.DESK_EVENTS)
    assert len(events.EVENTS) == len(set(events.EVENTS))


def test_an_event_without_a_place_is_named() -> None:
    written, folded = set(codec._TYPES.values()), set(transaction_module._FOLDS)
    assert without_a_place(event_classes(), written - {events.SignedOn}, folded) == {"SignedOn"}
    assert without_a_place(event_classes(), written, folded - {events.StepPassed}) == {"StepPassed"}
