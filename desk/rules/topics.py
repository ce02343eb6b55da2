"""Every topic there is, as one table: a pack of a topic that is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping

from desk.rules.authority_rules import AUTHORITY
from desk.rules.calendar_rules import CALENDAR
from desk.rules.capital_rules import CAPITALS
from desk.rules.counterfeit_topic import COUNTERFEIT
from desk.rules.damaged_note_rules import DAMAGED_NOTES
from desk.rules.name_topic import NAMES
from desk.rules.number_rules import NUMBERS
from desk.rules.shapes import Topic
from desk.rules.term_rules import TERMS
from desk.rules.threshold_rules import THRESHOLDS
from desk.rules.voucher_topic import VOUCHERS

TOPICS: Mapping[str, Topic] = {
    one.topic: one
    for one in (
        VOUCHERS, CAPITALS, TERMS, CALENDAR, NAMES, NUMBERS, THRESHOLDS, AUTHORITY, COUNTERFEIT, DAMAGED_NOTES,
    )
}  # fmt: skip
