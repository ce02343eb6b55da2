"""A little desk for ``test_simulators``: it starts a printer, has two rows printed, says so, and waits to be killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from devices.contracts import PassbookJob, PreparedJob
from devices.drivers.t5040 import T5040Printer
from devices.glyphs import Glyphs
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.simulators.process import SimulatorProcess
from tests.devices.rig import FORM, Never, row


def main(directory: Path) -> None:
    """Print two rows, tell how it ended, and hang."""
    simulator = SimulatorProcess("t5040", directory, options={"speed": "0"})
    driver = T5040Printer("printer-1", time.monotonic, {"passbook_24": FORM}, Glyphs())
    link = link_for(simulator.port, SerialSettings())
    link.open()
    driver.attach(link)
    simulator.hands(do="insert_book", book="book-1")
    job = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (row(3), row(4))))
    assert isinstance(job, PreparedJob)
    outcome = driver.execute(job, lambda seen: None, Never())
    sys.stdout.write(f"{outcome.kind.value} {outcome.units_proved}\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
