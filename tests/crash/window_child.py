"""One life of a desk behind the real window: the moments, kills and tellings of ``tests.crash.child``, but played with
keys on the pages instead of commands to the session.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desk.views import DeskSnapshot, PrintView
from tests.crash.child import DAY, Moments, Onlooker, machine_processes, say
from ui.front import Front
from ui.training.customer import Customer
from ui.training.desk import TrainingDesk
from ui.training.options import DemoFolder, DemoOptions
from ui.training.show import Show


class Life:
    """A demo that tells what its window shows and dies at its moment."""

    def __init__(self, root: Path, kill_at: int, asleep: str) -> None:
        self._moments, self._asleep = Moments(kill_at), asleep
        self._onlooker: Onlooker | None = None
        DemoFolder(root).root.mkdir(parents=True, exist_ok=True)
        (root / "business-date").write_text(DAY, encoding="ascii")
        self.front = Front()
        self.front.show()
        options = DemoOptions(root, auto=True, speed=0.0, rate_per_minute=0)
        self.show = Show(self.front, options, lambda text: None, self._moments, self._see_page)
        self.show.opened.connect(self._opened)
        self.show.bridge.changed.connect(self._look)

    def _opened(self, training: TrainingDesk) -> None:
        self._onlooker = Onlooker(training, Customer())
        machines = machine_processes(training)
        say(before=training.desk.store.head()[0], machines=machines)
        if training.desk.store.archived_today(DAY):  # the demo only answers again: nobody signs on
            say(step="", done_today=training.desk.session.snapshot().done_today)
        self._moments.asleep = machines[self._asleep] if self._asleep else 0
        self._moments.armed = True

    def _look(self, snapshot: DeskSnapshot) -> None:
        if snapshot.teller is not None and self._onlooker is not None:
            self._onlooker.look(snapshot)

    def _see_page(self, asked: int) -> int:
        snapshot = self.show.window.snapshot
        page = snapshot.transaction.page if snapshot and snapshot.transaction else None
        assert isinstance(page, PrintView)
        assert self._onlooker is not None
        return self._onlooker.see_page(page.question)

    def run(self) -> int:
        self.show.open()
        self.front.app.exec()
        self.show.close()
        self.front.close()
        return self.show.exit_code


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    kill_at = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    code = Life(Path(sys.argv[1]), kill_at, sys.argv[3] if len(sys.argv) > 3 else "").run()
    if code:
        raise SystemExit(code)
    say(end=True)


if __name__ == "__main__":
    main()
