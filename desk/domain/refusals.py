"""Refusals: numbered values, one table of codes.

A refusal is an answer, not a failure: a number that never changes its meaning, a code for programs and
details for the sentence. The sentences and "what to do next", in Chinese and English, stand in
``resources/i18n/refusals.toml``; a test holds the two together. Details never carry customer data.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class RefusalCode(Enum):
    """``(number, code)``: 1xx people, 2xx steps, 3xx vouchers and names, 4xx cash, 5xx review, 6xx posting and
    printing (65x the machines themselves), 7xx journal and trust, 9xx input."""

    SAME_PERSON = (101, "same_person")
    OWN_ACCOUNT = (102, "own_account")
    NOT_SIGNED_ON = (103, "not_signed_on")
    WRONG_PASSWORD = (104, "wrong_password")
    PERSON_UNKNOWN = (105, "person_unknown")
    ROLE_MISSING = (106, "role_missing")
    NOT_ENROLLED = (107, "not_enrolled")
    REVOKED = (108, "revoked")
    QUALIFICATION_MISSING = (109, "qualification_missing")
    LOCKED_OUT = (110, "locked_out")

    STEP_NOT_OPEN = (201, "step_not_open")
    STEP_MISSING = (202, "step_missing")
    ALREADY_ENDED = (203, "already_ended")
    ALREADY_POSTED = (204, "already_posted")
    PARKED = (205, "parked")
    NOT_PARKED = (206, "not_parked")
    REASON_MISSING = (207, "reason_missing")
    ANOTHER_OPEN = (208, "another_open")
    PROCEDURE_UNKNOWN = (209, "procedure_unknown")
    PROCEDURE_INVALID = (210, "procedure_invalid")
    TRANSACTION_UNKNOWN = (211, "transaction_unknown")
    PROCEDURE_CHANGED = (212, "procedure_changed")
    RULES_UNKNOWN = (213, "rules_unknown")
    RULES_INVALID = (214, "rules_invalid")
    RULES_UNSEALED = (215, "rules_unsealed")

    ACCOUNT_UNKNOWN = (301, "account_unknown")
    ACCOUNT_NOT_OPEN = (302, "account_not_open")
    SLIP_INCOMPLETE = (303, "slip_incomplete")
    SLIP_FOREIGN = (304, "slip_foreign")
    SLIP_CHECK_FAILED = (305, "slip_check_failed")
    CHECK_UNKNOWN = (306, "check_unknown")
    CHECK_OPEN = (307, "check_open")
    NAME_MISMATCH = (308, "name_mismatch")
    NUMBER_MISMATCH = (309, "number_mismatch")
    NAME_NOT_CHECKABLE = (310, "name_not_checkable")
    SLIP_DATE = (311, "slip_date")
    AMOUNT_DIFFERS_FROM_SLIP = (312, "amount_differs_from_slip")
    CHECK_AUTOMATIC = (313, "check_automatic")
    NAME_NOT_OVERRIDABLE = (314, "name_not_overridable")
    EVIDENCE_MISSING = (315, "evidence_missing")
    CHECK_FAILED = (316, "check_failed")
    WARNING_OPEN = (317, "warning_open")
    SCAN_MISSING = (318, "scan_missing")
    SPECIMEN_MISSING = (319, "specimen_missing")
    FORM_UNKNOWN = (320, "form_unknown")
    PAPER_OPEN = (321, "paper_open")

    BATCH_INCOMPLETE = (401, "batch_incomplete")
    BATCH_USED = (402, "batch_used")
    BATCH_UNKNOWN = (403, "batch_unknown")
    COUNT_DIFFERS = (404, "count_differs")
    COUNT_CURRENCY = (405, "count_currency")
    HAND_LIMIT = (406, "hand_limit")
    REJECTS_OPEN = (407, "rejects_open")
    NOTE_UNKNOWN = (408, "note_unknown")
    VERDICT_GIVEN = (409, "verdict_given")
    READING_MISSING = (410, "reading_missing")
    SECOND_COUNT_DIFFERS = (411, "second_count_differs")
    COUNT_EMPTY = (412, "count_empty")
    DENOMINATION_UNKNOWN = (413, "denomination_unknown")
    WITHHOLDING_OPEN = (414, "withholding_open")
    CUSTODY_DIFFERS = (415, "custody_differs")
    WITHHOLDING_ORDER = (416, "withholding_order")
    REPORT_DUE = (417, "report_due")
    NOTHING_WITHHELD = (418, "nothing_withheld")
    TRAINING_EXPIRED = (419, "training_expired")

    REKEY_DIFFERS = (501, "rekey_differs")
    REKEY_MISSING = (502, "rekey_missing")
    STATEMENT_FORGED = (503, "statement_forged")
    STATEMENT_REPLAYED = (504, "statement_replayed")
    STATEMENT_STALE = (505, "statement_stale")
    EDIT_AFTER_SIGNING = (506, "edit_after_signing")
    REVIEW_MISSING = (507, "review_missing")
    NAME_COMPARE_MISSING = (508, "name_compare_missing")

    NOT_CONFIRMED = (601, "not_confirmed")
    PRINT_OPEN = (602, "print_open")
    PRINT_JOB_UNKNOWN = (603, "print_job_unknown")
    SECOND_PERSON_NEEDED = (604, "second_person_needed")
    BOOK_FULL = (605, "book_full")
    BOOK_MISMATCH = (606, "book_mismatch")
    DEVICE_NOT_READY = (607, "device_not_ready")
    NOTHING_TO_PRINT = (608, "nothing_to_print")
    CANCEL_AFTER_POSTING = (609, "cancel_after_posting")
    LEDGER_UNBALANCED = (610, "ledger_unbalanced")
    ITEM_OPEN = (611, "item_open")
    PAGE_NOT_TURNED = (612, "page_not_turned")
    CURSOR_BACKWARDS = (613, "cursor_backwards")
    CURSOR_OUTSIDE = (614, "cursor_outside")
    CURSOR_CHANGED = (615, "cursor_changed")
    BOOK_LOST = (616, "book_lost")
    BOOK_UNSEEN = (617, "book_unseen")
    BOOK_NOT_FULL = (618, "book_not_full")
    PRINTER_NOT_STILL = (619, "printer_not_still")
    DOCUMENT_INCOMPLETE = (621, "document_incomplete")
    DOCUMENT_FIELD = (622, "document_field")
    DOCUMENT_NOT_IN_FORCE = (623, "document_not_in_force")

    MACHINE_KIND = (651, "machine_kind")
    MACHINE_BOUND = (652, "machine_bound")
    MACHINE_BUSY = (653, "machine_busy")
    MACHINE_NOT_IDENTIFIED = (654, "machine_not_identified")

    CHAIN_BROKEN = (701, "chain_broken")
    TRUST_MISSING = (702, "trust_missing")
    DATABASE_UNSAFE = (703, "database_unsafe")
    ALREADY_RUNNING = (704, "already_running")
    EVENT_NEWER = (705, "event_newer")
    KEY_STORE = (706, "key_store")
    NOT_RECORDED = (707, "not_recorded")

    AMOUNT_FORMAT = (901, "amount_format")
    AMOUNT_ZERO = (902, "amount_zero")
    FIELD_FORMAT = (903, "field_format")

    @property
    def number(self) -> int:
        return int(self.value[0])

    @property
    def code(self) -> str:
        return str(self.value[1])


@dataclass(frozen=True)
class Refusal:
    """A refused command: code, and the details that fill its sentence, as ``(name, text)`` pairs."""

    code: RefusalCode
    details: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        return self.code.number

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.details)
        return f"{self.code.number} {self.code.code}" + (f" ({shown})" if shown else "")


def refuse(code: RefusalCode, **details: object) -> Refusal:
    """Make a refusal; details are turned to text and kept in the order given."""
    return Refusal(code, tuple((name, str(value)) for name, value in details.items()))
