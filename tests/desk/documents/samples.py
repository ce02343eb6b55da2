"""Fictional papers for tests: plain ones, and the longest that the counter could plausibly make."""

from __future__ import annotations

from pathlib import Path

from desk.documents.counterfeit_certificate import CertificateFacts, WithheldPieces
from desk.documents.exchange_finding import FindingFacts, FoundPiece
from desk.documents.filling import Clerk, Heading, Institution
from desk.documents.form import DocumentForm
from desk.documents.form_reading import load_form
from desk.documents.holder import Entity, Individual
from desk.documents.large_value_list import LargeValueFacts, LargeValueRow
from desk.documents.return_statement import Ground, ReturnFacts
from desk.domain.procedure_kinds import Text

FOLDER = Path(__file__).parents[3] / "resources" / "documents"
BRANCH = Institution(Text("示范银行 城关支行", "Demonstration Bank, Chengguan Branch"), "010-5550 0100")
MAKER, REVIEWER = Clerk("0317", "王小燕"), Clerk("0208", "李建国")
PERSON = Individual("张伟", "resident_id", "110105194912310021")
COMPANY = Entity("示范市春风商贸有限公司", "陈静", "resident_id", "110105194912310021", "139 0000 0000")
LONG_NAME = "阿卜杜热合曼·买买提依明江·" * 4
LONG_COMPANY = (
    "示范省示范市经济技术开发区远大前程国际贸易与供应链管理服务（集团）股份有限公司第一百二十八号分公司"
)
LONG_LATIN = "Wolfeschlegelsteinhausenbergerdorff Maximiliane Anneliese Theodora"
LONG_BRANCH = Institution(
    Text(
        "示范农村商业银行股份有限公司示范自治州经济技术开发区分行营业部第三营业室",
        "Demonstration Rural Commercial Bank, Third Business Office",
    ),
    "0991-555 0100 转 8301",
)


def form(name: str) -> DocumentForm:
    """A shipped form."""
    made = load_form((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)
    assert isinstance(made, DocumentForm), made
    return made


def heading(number: str = "JS20260402-0007", language: str = "zh_CN", **changes: object) -> Heading:
    given: dict[str, object] = {"institution": BRANCH, "business_date": "2026-04-02", **changes}
    return Heading(number=number, language=language, **given)  # type: ignore[arg-type]


SEAL_DIFFERS = Ground(
    "VC-10",
    Text("票面出票人签章与预留印鉴不符", "The drawer's seal differs from the reserved specimen"),
    Text(
        "《票据法》第八十八条；《票据管理实施办法》第十五条",
        "Negotiable Instruments Law, art. 88; Rules, art. 15",
    ),
)
AMOUNTS_DIFFER = Ground(
    "VC-04",
    Text("大写金额与小写金额不一致", "The amount in words and the amount in figures differ"),
    Text("《票据法》第八条", "Negotiable Instruments Law, art. 8"),
)


def a_return(language: str = "zh_CN", **changes: object) -> ReturnFacts:
    given: dict[str, object] = {
        "heading": heading("TP20260402-0003", language),
        "instrument": "transfer_cheque",
        "grounds": (SEAL_DIFFERS, AMOUNTS_DIFFER),
        "returned_at": "10:42",
        "handled_by": MAKER,
        "reviewed_by": REVIEWER,
        "instrument_number": "30109810 00012345",
        "issue_date": "贰零贰陆年零叁月叁拾壹日",
        "amount_minor": 2_025_000,
        "capitals": "人民币贰万零贰佰元整",
        "drawer": "示范市春风商贸有限公司",
        "drawer_account": "9017 0020 1000 4821 735",
        "payer_bank": "示范银行 城关支行",
        "payee": "示范市远山纸业有限公司",
        "presenter": "示范市远山纸业有限公司",
    }
    return ReturnFacts(**{**given, **changes})  # type: ignore[arg-type]


def a_long_return(language: str = "zh_CN") -> ReturnFacts:
    ground = Ground(
        "VC-14",
        Text(
            "背书不连续：第三手背书人签章与第二手被背书人名称不一致，" * 5,
            "The chain of endorsements is broken here. " * 3,
        ),
        Text(
            "《票据法》第三十一条、第五十七条；《票据管理实施办法》第三十三条" * 3,
            "Negotiable Instruments Law, art. 31 and 57. " * 2,
        ),
    )
    return a_return(
        language,
        heading=heading("TP20260402-0003-000000000000000", language, institution=LONG_BRANCH),
        grounds=(ground,) * 9,
        amount_minor=99_999_999_999_999,
        capitals="人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        drawer=LONG_COMPANY,
        payer_bank=LONG_BRANCH.name.zh,
        payee=LONG_NAME,
        presenter=LONG_LATIN,
        handled_by=Clerk("0317", LONG_NAME[:30]),
    )


def pieces(count: int) -> tuple[WithheldPieces, ...]:
    """``count`` notes of 100 yuan, each with a serial of its own."""
    return tuple(
        WithheldPieces("note", "CNY", 10_000, "2015年版", serial=f"AB{10_000_000 + at}")
        for at in range(count)
    )


def a_certificate(language: str = "zh_CN", **changes: object) -> CertificateFacts:
    given: dict[str, object] = {
        "heading": heading("JS20260402-0007", language),
        "holder": PERSON,
        "pieces": (*pieces(2), WithheldPieces("coin", "CNY", 100, "2019年版", pieces=3)),
        "handled_by": MAKER,
        "reviewed_by": REVIEWER,
        "remarks": "存款时点验发现",
        "appraisal_until": "2026-04-07",
        "review_until": "2026-06-01",
    }
    return CertificateFacts(**{**given, **changes})  # type: ignore[arg-type]


def a_long_certificate(language: str = "zh_CN") -> CertificateFacts:
    foreign = (
        WithheldPieces("note", "USD", 10_000, "Series 2017A", serial="PB 12345678 C"),
        WithheldPieces("note", "JPY", 10_000, "2024", serial="AA123456AA"),
    )
    return a_certificate(
        language,
        heading=heading("JS20260402-0007-000000000000000", language, institution=LONG_BRANCH),
        holder=Entity(
            LONG_COMPANY, LONG_NAME, "home_return_permit", "H0123456789012345678901234567890", LONG_LATIN[:50]
        ),
        pieces=(*pieces(38), *foreign),
        remarks=("持有人称系昨日营业收入，经说明后配合收缴。" * 6)[:140],
        declined=True,
        handled_by=Clerk("0317", LONG_NAME[:40]),
    )


def a_finding(language: str = "zh_CN", **changes: object) -> FindingFacts:
    torn = Text(
        "拼合后剩余面积不足四分之三、不少于二分之一", "Joined, less than 3/4 and at least 1/2 remains"
    )
    given: dict[str, object] = {
        "heading": heading("RD20260402-0002", language),
        "holder": PERSON,
        "pieces": (FoundPiece(10_000, "2015年版", (62, 100), "half", 5_000, torn, "CD87654321"),),
        "handled_by": MAKER,
        "reviewed_by": REVIEWER,
        "pack": "cn.damaged-notes/2",
    }
    return FindingFacts(**{**given, **changes})  # type: ignore[arg-type]


def a_long_finding(language: str = "zh_CN") -> FindingFacts:
    ground = Text("剩余部分图案、文字、材质不能按原样连接，" * 5, "The rest cannot be joined as it was. " * 3)
    return a_finding(
        language,
        heading=heading("RD20260402-0002-000000000000000", language, institution=LONG_BRANCH),
        holder=Individual(LONG_NAME, "taiwan_permit", "0123456789" * 4, LONG_LATIN[:50]),
        pieces=tuple(
            FoundPiece(10_000, "2015年版", (333, 1000), "none", 0, ground, f"CD{10_000_000 + at}")
            for at in range(40)
        ),
        appeal_to="中国人民银行示范自治州分行营业管理部（货币金银处）",
        special=True,
    )


def large_rows(count: int) -> tuple[LargeValueRow, ...]:
    return tuple(
        LargeValueRow(
            f"20260402-{at:06d}", f"{9 + at // 60:02d}:{at % 60:02d}", ("cash_in", "transfer")[at % 2],
            ("person", "entity")[at % 2], (LONG_NAME, LONG_COMPANY)[at % 2], "9017002010004821735", "CNY",
            99_999_999_999_999 - at, 99_999_999_999_999, ("TH-1", "TH-2", "TH-3"), "2026-04-10",
        )
        for at in range(count)
    )  # fmt: skip


def a_list(language: str = "zh_CN", **changes: object) -> LargeValueFacts:
    rows = (
        LargeValueRow("20260402-000117", "09:41", "cash_in", "person", "张伟", "9017002010004821735", "CNY", 5_000_000,
                      5_000_000, ("TH-1",), "2026-04-10"),
        LargeValueRow("20260402-000131", "10:12", "transfer", "entity", "示范市春风商贸有限公司", "9017002010004829001",
                      "CNY", 250_000_000, 310_000_000, ("TH-2",), "2026-04-10"),
    )  # fmt: skip
    given: dict[str, object] = {
        "heading": heading("DE20260402", language),
        "rows": rows,
        "handled_by": MAKER,
        "reviewed_by": REVIEWER,
    }
    return LargeValueFacts(**{**given, **changes})  # type: ignore[arg-type]


def a_long_list(language: str = "zh_CN") -> LargeValueFacts:
    return a_list(
        language, heading=heading("DE20260402", language, institution=LONG_BRANCH), rows=large_rows(60)
    )
