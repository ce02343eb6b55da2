"""What a person sees who looks at the open page: the simulated printer's ink, never the desk's belief."""

from __future__ import annotations

import json

from ui.training.branch import TrainingAccount
from ui.training.desk import TrainingDesk


def lines_on_page(training: TrainingDesk, account: TrainingAccount, asked: int) -> int:
    """What a person sees on the paper: how many of the ``asked`` lines carry ink of this desk."""
    ledger = training.ink
    facts = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    printed = sum(1 for one in facts if one["fact"] == "ink" and one["kind"] == "row")
    already = training.desk.session.book_of(account.account_id).next_line - account.next_line
    return max(0, min(asked, printed - already))
