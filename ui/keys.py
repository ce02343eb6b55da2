"""The one key table of the desk: every action's key, where it holds, and its words in both languages.

No key has two meanings at one place, and none has two meanings on one desk except digits inside an open list (a list
says its own digits). Key-repeat never commits. Source: DESIGN §3.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.procedure_kinds import Text


@dataclass(frozen=True)
class KeyAction:
    """``keys`` in QKeySequence text; ``everywhere`` actions belong to the frame, the rest to their page."""

    action: str
    keys: str
    label: Text
    everywhere: bool = False


KEYS: tuple[KeyAction, ...] = (
    KeyAction("help", "F1", Text("帮助", "Help"), everywhere=True),
    KeyAction("code", "F2", Text("交易码", "Code"), everywhere=True),
    KeyAction("recount", "F5", Text("重新点验", "Recount")),
    KeyAction("suspect", "F6", Text("可疑币", "Suspect note")),
    KeyAction("machines", "F7", Text("机具", "Machines"), everywhere=True),
    KeyAction("park", "F9", Text("挂起", "Park"), everywhere=True),
    KeyAction("cancel", "Ctrl+Del", Text("取消业务", "Cancel"), everywhere=True),
    KeyAction("language", "Ctrl+L", Text("English", "中文"), everywhere=True),
    KeyAction("lock", "F12", Text("锁屏", "Lock"), everywhere=True),
    KeyAction("back", "Esc", Text("上一步", "Back")),
    KeyAction("commit", "+", Text("确认", "Commit")),
    KeyAction("next", "Return", Text("下一项", "Next")),
    KeyAction("tick_1", "Alt+1", Text("第一项已看", "First item seen")),
    KeyAction("tick_2", "Alt+2", Text("第二项已看", "Second item seen")),
    KeyAction("agent", "Alt+A", Text("代理人", "Agent")),
    KeyAction("more", "Alt+M", Text("续点一把", "One more heap")),
    KeyAction("differs", "Alt+X", Text("有不符", "Something differs")),
    KeyAction("leave_seat", "Alt+Q", Text("离席", "Leave the seat")),
    KeyAction("hand_count", "Alt+H", Text("手工点数", "Count by hand")),
    KeyAction("return_slip", "Alt+C", Text("客户重填凭条", "New slip")),
    KeyAction("genuine", "Alt+G", Text("真币", "Genuine")),
    KeyAction("counterfeit", "Alt+F", Text("假币", "Counterfeit")),
    KeyAction("return", "Alt+B", Text("退回补正", "Return")),
    KeyAction("reject", "Alt+R", Text("拒绝", "Reject")),
    KeyAction("paper", "Alt+P", Text("客户已签字", "Signed on paper")),
    KeyAction("spoken", "Alt+S", Text("客户口头确认", "Confirmed aloud")),
    KeyAction("disagree", "Alt+D", Text("客户有异议", "Customer disagrees")),
    KeyAction("left", "Alt+L", Text("客户已离开", "Customer left")),
    KeyAction("all_on_page", "Alt+Y", Text("都在折上", "All on the page")),
    KeyAction("none_on_page", "Alt+N", Text("都不在折上", "None on the page")),
    KeyAction("adjust", "Alt+J", Text("调整行位", "Move the next line")),
)


def action_named(name: str) -> KeyAction:
    """The row of an action; KeyError for one that is not in the table."""
    return next(one for one in KEYS if one.action == name)
