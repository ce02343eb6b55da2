"""The judges that vouchers are judged with: each from the rules of its own topic.

Apart from ``voucher_rules`` so that whoever only reads the list does not load what names and numbers need.
"""

from __future__ import annotations

from desk.rules.capital_rules import judge_capitals, judge_date
from desk.rules.endorsement_rules import judge_endorsements
from desk.rules.name_rules import judge_name
from desk.rules.number_rules import judge_id
from desk.rules.term_rules import judge_term
from desk.rules.voucher_checks.judges import Judges

JUDGES = Judges(judge_capitals, judge_date, judge_term, judge_id, judge_endorsements, judge_name)
