"""What a new pack changes for tellers, in words: rules that come, go, are switched, or say something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk.domain.money import format_amount
from desk.domain.procedure_kinds import Text
from desk.rules.rule_pack import RulePack, RuleRow
from desk.rules.shapes import Limit


@dataclass(frozen=True)
class Change:
    """One difference. ``kind``: "dates", "added", "removed", "on", "off", "changed", "confirmed"; ``rule`` "" for the
    pack itself; ``field`` what of it changed; ``words`` a line for tellers and for HQ."""

    topic: str
    rule: str
    kind: str
    field: str
    words: Text


FIELDS: Mapping[str, Text] = {
    "title": Text("名称", "title"),
    "source": Text("依据", "source"),
    "confidence": Text("可信度", "confidence"),
    "regions": Text("适用地区", "regions"),
    "on_fail": Text("不通过时", "on failure"),
    "kind": Text("方式", "kind"),
    "limit": Text("限额", "limit"),
    "limit_usd": Text("美元限额", "limit in dollars"),
    "count": Text("期限数", "length"),
    "unit": Text("期限单位", "unit"),
    "requires": Text("要求", "requires"),
    "full": Text("全额标准", "full value from"),
    "half": Text("半额标准", "half value from"),
    "holidays": Text("节假日", "holidays"),
    "workdays": Text("调休上班日", "make-up working days"),
    "say": Text("对客户说", "said to the customer"),
    "next": Text("下一步", "next"),
}
"""Field names as people read them; any other field is named as it stands in the pack."""

_ON_FAIL: Mapping[str, Text] = {
    "stop": Text("停办", "stop"),
    "return": Text("退回客户", "return to the customer"),
    "warn": Text("提示", "warn"),
}


def differences(old: RulePack, new: RulePack) -> tuple[Change, ...]:
    """Every difference between two packs of one topic: the pack's own, then rule by rule in the new one's order."""
    return (*_own(old, new), *_rules(old, new))


def _change(pack: RulePack, rule: str, kind: str, name: str, zh: str, en: str) -> Change:
    return Change(pack.topic, rule, kind, name, Text(zh, en))


def _own(old: RulePack, new: RulePack) -> Iterator[Change]:
    for name, zh, en in (
        ("valid_from", "生效日", "in force from"),
        ("valid_to", "失效前最后一日", "in force to"),
    ):
        was, now = getattr(old, name) or "—", getattr(new, name) or "—"
        if was != now:
            yield _change(new, "", "dates", name, f"{zh}：{was} → {now}", f"{en}: {was} → {now}")
    if old.region != new.region:
        yield _change(
            new,
            "",
            "changed",
            "region",
            f"地区：{old.region} → {new.region}",
            f"region: {old.region} → {new.region}",
        )


def _rules(old: RulePack, new: RulePack) -> Iterator[Change]:
    for rule, row in new.rules.items():
        before = old.rules.get(rule)
        if before is None:
            zh, en = (
                ("新增规则", "new rule") if row.on else ("新增规则（未启用）", "new rule, not switched on")
            )
            yield _change(new, rule, "added", "", f"{zh}：{row.title.zh}", f"{en}: {row.title.en}")
        else:
            yield from _row(new, before, row)
    for rule, row in old.rules.items():
        if rule not in new.rules:
            yield _change(
                new, rule, "removed", "", f"不再有：{row.title.zh}", f"no longer there: {row.title.en}"
            )


def _row(pack: RulePack, before: RuleRow, row: RuleRow) -> Iterator[Change]:
    rule = row.rule
    if before.on != row.on:
        kind, zh, en = ("on", "启用", "switched on") if row.on else ("off", "停用", "switched off")
        yield _change(pack, rule, kind, "on", f"{zh}：{row.title.zh}", f"{en}: {row.title.en}")
    if before.confirmed != row.confirmed:
        zh, en = (
            ("银行已确认", "confirmed by the bank")
            if row.confirmed
            else ("银行确认已撤回", "confirmation withdrawn")
        )
        yield _change(pack, rule, "confirmed", "confirmed", f"{zh}：{row.title.zh}", f"{en}: {row.title.en}")
    was, now = _all(before), _all(row)
    for name in dict.fromkeys((*was, *now)):
        if _plain(was.get(name)) != _plain(now.get(name)):
            yield _change(pack, rule, "changed", name, *_told(row, name, was.get(name), now.get(name)))


def _all(row: RuleRow) -> dict[str, Any]:
    own = {"title": row.title, "source": row.source, "confidence": row.confidence, "regions": row.regions}
    return {**own, **row.values}


def _plain(value: Any) -> Any:
    """What can be compared: a pattern by its text."""
    return value.pattern if isinstance(value, re.Pattern) else value


def _told(row: RuleRow, name: str, was: Any, now: Any) -> tuple[str, str]:
    label = FIELDS.get(name, Text(name, name))
    if isinstance(was, tuple) and isinstance(now, tuple) and name != "title" and _is_list(was, now):
        return _list_told(row, label, was, now)
    return (
        f"{row.title.zh}：{label.zh} {_shown(was).zh} → {_shown(now).zh}",
        f"{row.title.en}: {label.en} {_shown(was).en} → {_shown(now).en}",
    )


def _is_list(was: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    return all(isinstance(one, str) for one in (*was, *now))


def _list_told(row: RuleRow, label: Text, was: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, str]:
    """What came and what went of a list."""
    came = [one for one in now if one not in was]
    went = [one for one in was if one not in now]
    parts_zh = [f"增加 {'、'.join(came)}"] if came else []
    parts_en = [f"adds {', '.join(came)}"] if came else []
    parts_zh += [f"去掉 {'、'.join(went)}"] if went else []
    parts_en += [f"drops {', '.join(went)}"] if went else []
    zh, en = "；".join(parts_zh) or "次序变动", "; ".join(parts_en) or "order changes"
    return f"{row.title.zh}：{label.zh} {zh}", f"{row.title.en}: {label.en} {en}"


def _shown(value: Any) -> Text:
    """A field's value as people read it."""
    match value:
        case None:
            return Text("（无）", "(none)")
        case Limit(amount_minor=minor, inclusive=inclusive):
            zh, en = ("（含）", " (inclusive)") if inclusive else ("（不含）", " (exclusive)")
            return Text(format_amount(minor) + zh, format_amount(minor) + en)
        case Text():
            return Text(f"“{value.zh}”", f'"{value.en}"')
        case bool():
            return Text("是" if value else "否", "yes" if value else "no")
        case str() if value in _ON_FAIL:
            return _ON_FAIL[value]
    return _plainly(value)


def _plainly(value: Any) -> Text:
    """What reads the same in both languages, lists but for their commas."""
    match value:
        case (int() as above, int() as below):
            return Text(f"{above}/{below}", f"{above}/{below}")
        case tuple():
            return Text("、".join(map(str, value)) or "（无）", ", ".join(map(str, value)) or "(none)")
        case dict():
            value = "; ".join(f"{key}={one}" for key, one in value.items())
    return Text(str(_plain(value)), str(_plain(value)))
