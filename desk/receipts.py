"""What stands on the customer's receipt (回单). Account and name are masked as on the customer's screen."""

from __future__ import annotations

from desk.core import DeskCore
from desk.domain.capitals import capitals
from desk.domain.masking import mask_name, mask_number
from desk.domain.money import format_amount
from devices.contracts import ReceiptLine


def receipt_lines(core: DeskCore) -> tuple[ReceiptLine, ...]:
    """The lines of a posted deposit's receipt; empty when nothing was posted."""
    state, holder = core.state, core.counter.holder
    if state is None or holder is None or state.slip is None or state.posting is None:
        return ()
    config = core.given.config
    pairs = (
        ("业务号", state.number),
        ("日期", config.business_date),
        ("户名", mask_name(holder.name)),
        ("账号", mask_number(holder.account_number)),
        ("金额", f"{state.slip.currency} {format_amount(state.slip.amount_minor)}"),
        ("大写", capitals(state.slip.amount_minor)),
        ("余额", format_amount(state.posting.balance_after_minor)),
        ("柜员", state.maker),
    )
    head = ReceiptLine(f"{config.branch.zh} {core.procedure.title.zh}回单", "center", emphasised=True)
    return (head, *(ReceiptLine(f"{label}  {value}") for label, value in pairs))
