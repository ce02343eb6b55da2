"""``teller-desk demo``: a training branch with simulated machines, to try by hand or to watch it play itself."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from platformdirs import user_data_path

from devices.registry import ManifestFlaw, load_manifests
from ui import app
from ui.training.options import DemoFolder, DemoOptions

LANGUAGES = ("zh_CN", "en")
FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--auto] [--speed N] [--language zh_CN|en] [--out DIR] [--rate N] [--measure-stalls]``."""
    parser.add_argument(
        "--auto", action="store_true", help="play a whole deposit by itself, then answer in JSON"
    )
    parser.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N", help="2 is twice as fast, 0 does not wait"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="zh_CN")
    parser.add_argument(
        "--out", type=_folder, metavar="DIR", help="where the branch lives (default: your data folder)"
    )
    parser.add_argument(
        "--rate", type=_rate, metavar="N", help="notes a minute of the counter (default 1500; 0: at once)"
    )
    parser.add_argument(
        "--machine",
        action="append",
        default=[],
        metavar="MODEL",
        help="a model on the counter instead of the usual one of its kind (repeatable)",
    )
    parser.add_argument(
        "--measure-stalls", action="store_true", help="the longest stall, beside an idle control window"
    )
    parser.add_argument("--json", action="store_true", help="(--auto answers in JSON anyway)")


def _rate(text: str) -> int:
    rate = int(text)
    if not 0 <= rate <= 10_000:
        raise argparse.ArgumentTypeError("a whole number from 0 to 10000")
    return rate


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("a folder's name")
    return Path(text)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed <= 1000:
        raise argparse.ArgumentTypeError("a number from 0 to 1000")
    return speed


def _unwritable(out: Path) -> str:
    """Why this folder cannot hold a branch, "" when it can."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            return ""
    except OSError as error:
        return f"{out} cannot be written: {error.strerror}"


def _unknown_models(wanted: list[str]) -> str:
    """A sentence about models that nobody described, with those that are; "" when all are known."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        return str(models)
    unknown = [name for name in wanted if name not in models]
    return f"no model {', '.join(unknown)}; there are: {', '.join(sorted(models))}" if unknown else ""


def run(arguments: argparse.Namespace) -> int:
    """0 played or closed, 1 it broke or a proof does not hold, 2 not usable here (or the folder is in use)."""
    out = (arguments.out or user_data_path("teller-desk") / "training").resolve()
    if out.exists() and not out.is_dir():
        print(f"{out} is not a folder", file=sys.stderr)
        return app.UNUSABLE
    in_the_way = _unknown_models(arguments.machine) or app.demo_problem(arguments.auto) or _unwritable(out)
    if in_the_way:
        print(in_the_way, file=sys.stderr)
        return app.UNUSABLE
    finished = DemoFolder(out).finished() if arguments.auto else None
    if finished is not None:
        print("this demo has run to its end before; its answer again:", file=sys.stderr)
        print(json.dumps(finished, ensure_ascii=False))
        return 0
    rate = arguments.rate if arguments.rate is not None else (0 if arguments.speed == 0 else 1500)
    options = DemoOptions(
        out,
        arguments.auto,
        arguments.speed,
        arguments.language,
        rate,
        arguments.measure_stalls,
        tuple(arguments.machine),
    )
    return app.demo(options)
