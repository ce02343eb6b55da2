"""`python -m tests.devices.pages --out DIR`: prints, measures and draws a page of every printer on every form."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.devices.pages.measure import measure
from tests.devices.pages.printing import BOOKS, PRINTERS, SLIPS, forms, print_page


def main(arguments: list[str]) -> int:
    """Draw PRINTER-FORM.png into the folder, and print each page's worst deviation beside half its printer's step."""
    parser = argparse.ArgumentParser(prog="python -m tests.devices.pages", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the pictures go")
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(
        f"{'printer':8} {'form':16} {'fields':>6} {'across mm (half a step)':>25} {'down mm':>21}\n"
    )
    for name, printer in PRINTERS.items():
        for form in (*BOOKS, *SLIPS):
            with tempfile.TemporaryDirectory() as folder:
                printed = print_page(name, forms()[form], Path(folder))
                found = measure(printed, printer)
                printed.picture(out / f"{name}-{form}.png")
            half = [float(step) * 25.4 / 2 for step in (printer.across, printer.down)]
            sys.stdout.write(
                f"{name:8} {form:16} {found.fields:6d} {found.across:16.4f} ({half[0]:.4f})"
                f" {found.down:12.4f} ({half[1]:.4f})\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
