"""What the product's source says to people, read from its text: refusals with their details, device errors with theirs,
every catalogue key that the window asks for, and the values that coded words can have."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"[a-z_]+(\.[\w {}-]+)+")
ASKS = {"t", "texts", "_texts", "self"}
"""How a page names the catalogue it asks: ``t("…")``, ``self.texts("…")``, ``self("…")`` inside ``Texts``."""


def sources(*rooms: str) -> Iterator[tuple[str, str]]:
    """``(path, text)`` of every module of the rooms."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def _name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).split(".")[-1]


# --- refusals and device errors ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raiser:
    """One place that makes a refusal or a device error: its code, the details it fills, and those that are literal."""

    code: str
    where: str
    details: frozenset[str]
    literals: tuple[tuple[str, str], ...] = ()


def refusals_in(path: str, text: str) -> Iterator[Raiser]:
    """Every ``refuse(RefusalCode.X, a=…, b=…)``; ``X if … else Y`` is both."""
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and _name_of(call) == "refuse" and call.args:
            details = frozenset(one.arg or "**" for one in call.keywords)
            literals = tuple(
                (one.arg or "**", value) for one in call.keywords for value in texts_of(one.value)
            )
            for code in _codes(call.args[0], "RefusalCode"):
                yield Raiser(code, f"{path}:{call.lineno}", details, literals)


def device_errors_in(path: str, text: str) -> Iterator[Raiser]:
    """Every ``DeviceError(DeviceErrorCode.X, ((name, value), …))``; details put into a variable first are looked up."""
    tree = ast.parse(text)
    named = {
        target.id: one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name_of(call) == "DeviceError" and call.args:
            given = call.args[1] if len(call.args) > 1 else ast.Tuple([])
            given = named.get(given.id, given) if isinstance(given, ast.Name) else given
            names = frozenset(str(name) for name in _detail_names(given))
            for code in _codes(call.args[0], "DeviceErrorCode"):
                yield Raiser(code, f"{path}:{call.lineno}", names)


def _codes(node: ast.AST, enum: str) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == enum:
            yield one.attr


def _detail_names(node: ast.AST) -> Iterator[object]:
    for pair in getattr(node, "elts", ()):
        first = getattr(pair, "elts", [None])[0]
        if isinstance(first, ast.Constant):
            yield first.value


def texts_of(node: ast.expr) -> Iterator[str]:
    """The texts a value may be (or be put together from) where the source says so; a condition's words are no value."""
    if isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)
    elif isinstance(node, ast.BoolOp | ast.BinOp):
        for one in node.values if isinstance(node, ast.BoolOp) else (node.left, node.right):
            yield from texts_of(one)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


# --- the keys the window asks for -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """A key the source asks for, ``{}`` where a value stands in it; ``given`` the values it comes with, when known."""

    key: str
    where: str
    given: frozenset[str] | None = field(default=None, compare=False)


def keys_in(path: str, text: str, tables: frozenset[str]) -> Iterator[Use]:
    """Every key of a known table: plain, as an f-string, or put together with ``+``; ``known(t, "seen", x)`` is
    ``seen.{}``."""
    tree = ast.parse(text)
    told: set[int] = set()
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        where = f"{path}:{call.lineno}"
        if _name_of(call) in ASKS and call.args:
            given = _given(call)
            for node, key in _keys(call.args[0]):
                told.add(id(node))
                yield Use(key, where, given)
        if _name_of(call) == "known" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            yield Use(str(call.args[1].value) + ".{}", where)
    for node, key in _keys(tree):
        if id(node) not in told and key.split(".")[0] in tables:
            yield Use(key, f"{path}:{getattr(node, 'lineno', 0)}")


def _given(call: ast.Call) -> frozenset[str] | None:
    names = [one.arg for one in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _keys(root: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    inside: set[int] = set()
    for node in ast.walk(root):
        key = ""
        if isinstance(node, ast.JoinedStr):
            inside |= {id(one) for one in node.values}
            key = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
            inside.add(id(node.left))
            key = str(node.left.value) + "{}"
        elif isinstance(node, ast.Constant) and id(node) not in inside:
            key = str(node.value)
        if KEY.fullmatch(key) and not key.startswith("{"):
            yield node, key


# --- words that stand in the source itself ------------------------------------------------------------------------

SHOWS = {"say", "setText", "setToolTip", "setWindowTitle", "setAccessibleName", "setAccessibleDescription",
         "setPlaceholderText"}  # fmt: skip
HAN = re.compile("[\u3400-\u9fff]")
LATIN_WORD = re.compile("[A-Za-z]{2}")


def own_words_in(path: str, text: str) -> Iterator[tuple[str, str]]:
    """``(path, words)``: Chinese in any text but a docstring, and Latin words handed straight to a widget."""
    tree = ast.parse(text)
    silent = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in silent and HAN.search(str(node.value)):
            yield path, str(node.value)
        if isinstance(node, ast.Call) and _name_of(node) in SHOWS:
            for one in node.args:
                if isinstance(one, ast.Constant) and LATIN_WORD.search(str(one.value)):
                    yield path, str(one.value)


# --- the values a coded word can have -----------------------------------------------------------------------------

STATUSES = ("open", "closed", "frozen", "stopped", "lost", "dormant", "unknown")
"""What an account can be; there is no enumeration of it yet."""


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def procedures() -> list[dict[str, object]]:
    folder = ROOT / "resources" / "procedures"
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]


def of_procedures(table_name: str, key: str) -> list[str]:
    """All values of a key over the steps or ways of every procedure; lists are taken apart."""
    found: list[str] = []
    for one in procedures():
        rows = one[table_name] if table_name else [one]
        assert isinstance(rows, list)
        for row in rows:
            value = row.get(key, [])
            found += value if isinstance(value, list) else [str(value)]
    return found


def texts_in(function: Callable[..., object]) -> set[str]:
    """The literal texts a function returns; of a pair, those of its first part."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    told: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value is not None:
            first = node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
            told |= set(texts_of(first))
    return told


def values(enum: type[Enum]) -> list[str]:
    return [str(one.value) for one in enum]
