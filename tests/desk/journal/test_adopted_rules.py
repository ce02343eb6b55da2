"""Rule packs in the record: signed by the bank, whole, and the ones a transaction began under stay its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal
from desk.journal.adopted_rules import book_of
from desk.journal.keys import SigningKey
from desk.journal.pack_seal import PackSeal, check_seal, read, seal_pack, write
from desk.journal.trust import read_trust
from desk.persistence.secrets import open_person_key
from desk.rule_adoption import adoption
from desk.rules.rule_book import RuleBook
from desk.rules.rule_pack import PackFlaw
from desk.rules.rule_set import RuleSet
from tests.scenarios.branch import DAY, PERSON, SUPERVISOR, desk_head
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.adopted_rules import offered_packs, take_in_rules
from ui.training.branch import TRAINING_PASSWORD
from ui.training.desk import training_config

TOMORROW = "2026-11-24"


@pytest.fixture
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    counter = Counter(tmp_path_factory.mktemp("branch"))
    try:
        yield counter
    finally:
        counter.close()


def root_of(counter: Counter) -> bytes:
    root = read_trust((counter.root / "trust.json").read_bytes())
    assert isinstance(root, bytes)
    return root


def issuer_of(counter: Counter) -> tuple[str, SigningKey]:
    folder = counter.training.folder.issuer
    key = open_person_key((folder / "issuer.key").read_text(), TRAINING_PASSWORD)
    assert isinstance(key, SigningKey)
    return (folder / "issuer.certificate").read_text(), key


def put(counter: Counter, name: str, text: str) -> None:
    """A pack in the desk's folder, signed by the training bank."""
    folder = counter.training.folder.rules
    (folder / name).write_text(text, encoding="utf-8")
    (folder / f"{name}.seal").write_bytes(write(seal_pack(text, *issuer_of(counter))))


def later_vouchers(counter: Counter) -> None:
    """From tomorrow on capitals that differ are stopped, not returned, and the rule has another name."""
    old = (counter.training.folder.rules / "vouchers.toml").read_text(encoding="utf-8")
    first_rule = old.index("[[rule]]")
    head, rules = old[:first_rule], old[first_rule:]
    put(counter, "vouchers.toml", head.replace("\n\n", "\n", 1).rstrip() + f"\nvalid_to = {DAY}\n\n" + rules)
    begins = next(line for line in head.splitlines() if line.startswith("valid_from"))
    fresh = head.replace(begins, f"valid_from = {TOMORROW}").replace("version = 1", "version = 2")
    put(counter, "vouchers_2.toml", fresh + rules.replace('source = "', 'source = "新规 '))


def deposit(desk: Desk) -> str:
    one = Deposit(reviewer=SUPERVISOR)
    desk.counter.write_slip(PERSON, one.amount_minor, one.rows)
    Player(desk, one).to("end")
    done = desk.transaction.transaction_id
    desk.do(c.CloseTransaction())
    return done


def used(counter: Counter, transaction: str) -> set[str]:
    found = counter.training.desk.store.recorded(transaction)
    return {
        one.event.rule
        for one in found
        if isinstance(one.event, e.CheckRecorded) and one.event.check == "VC-04"
    }


def test_a_later_pack_rules_from_its_day_on_and_the_old_transaction_keeps_its_own(counter: Counter) -> None:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    before = deposit(desk)
    later_vouchers(counter)
    desk = Desk(counter, counter.session())
    desk.sign_on()
    same_day = desk.session.snapshot().rules
    assert same_day is not None
    names = {one.name for one in same_day.packs}
    assert "cn.vouchers/1" in names
    assert "cn.vouchers/2" not in names
    desk = Desk(counter, counter.session(business_date=TOMORROW))
    desk.sign_on()
    next_day = desk.session.snapshot().rules
    assert next_day is not None
    assert "cn.vouchers/2" in {one.name for one in next_day.packs}
    assert {"新规" in rule for rule in used(counter, before)} == {False}
    report = counter.verify()
    assert report.verified, report.findings


def test_a_parked_transaction_goes_on_under_the_rules_it_began_under(counter: Counter) -> None:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    one = Deposit(reviewer=SUPERVISOR)
    desk.counter.write_slip(PERSON, one.amount_minor, one.rows)
    Player(desk, one).to("slip")
    began = desk.session._core.rules.reference
    transaction = desk.transaction.transaction_id
    desk.do(c.Park("lunch"))
    later_vouchers(counter)
    desk = Desk(counter, counter.session(business_date=TOMORROW))
    desk.sign_on()
    assert desk.session._core.rules.reference != began
    desk.do(c.Resume(transaction))
    assert desk.session._core.rules.reference == began
    desk.do(c.Cancel("test ended"))
    assert counter.verify().verified
    given = desk.session._core.given
    desk.do(c.CloseTransaction())
    given.rules = RuleBook(given.rules.adoptions[-1:])
    assert given.rules.by_reference(began) is None


def test_rules_a_desk_never_adopted_are_not_gone_on_under(counter: Counter) -> None:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    one = Deposit()
    desk.counter.write_slip(PERSON, one.amount_minor, one.rows)
    Player(desk, one).to("slip")
    transaction = desk.transaction.transaction_id
    desk.do(c.Park("lunch"))
    later_vouchers(counter)
    desk = Desk(counter, counter.session(business_date=TOMORROW))
    desk.sign_on()
    given = desk.session._core.given
    given.rules = RuleBook(given.rules.adoptions[-1:])
    assert desk.refused(c.Resume(transaction)) == "rules_unknown"


# --- what is not adopted ---------------------------------------------------------------------------------------------


def damaged(counter: Counter) -> None:
    path = counter.training.folder.rules / "terms.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


def unsealed(counter: Counter) -> None:
    (counter.training.folder.rules / "terms.toml.seal").unlink()


def strange_seal(counter: Counter) -> None:
    (counter.training.folder.rules / "terms.toml.seal").write_bytes(b"{}")


def foreign_key(counter: Counter) -> None:
    path = counter.training.folder.rules / "terms.toml"
    certificate, _ = issuer_of(counter)
    seal = seal_pack(path.read_text(encoding="utf-8"), certificate, SigningKey.generate())
    (path.parent / "terms.toml.seal").write_bytes(write(seal))


def foreign_signer(counter: Counter) -> None:
    path = counter.training.folder.rules / "terms.toml"
    seal = seal_pack(path.read_text(encoding="utf-8"), "nobody", SigningKey.generate())
    (path.parent / "terms.toml.seal").write_bytes(write(seal))


def unknown_rule(counter: Counter) -> None:
    text = (counter.training.folder.rules / "terms.toml").read_text(encoding="utf-8")
    put(counter, "terms.toml", text.replace('rule = "TERM-CHEQUE"', 'rule = "MAGIC"'))


def overlap(counter: Counter) -> None:
    text = (counter.training.folder.rules / "terms.toml").read_text(encoding="utf-8")
    put(counter, "terms_2.toml", text.replace("version = 1", "version = 2"))


def no_utf8(counter: Counter) -> None:
    (counter.training.folder.rules / "terms.toml").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    ("spoil", "code", "named"),
    [
        (damaged, "rules_unsealed", "terms.toml"),
        (unsealed, "rules_unsealed", "terms.toml"),
        (strange_seal, "rules_unsealed", "terms.toml"),
        (foreign_key, "rules_unsealed", "terms.toml"),
        (foreign_signer, "rules_unsealed", "terms.toml"),
        (unknown_rule, "rules_invalid", "MAGIC"),
        (overlap, "rules_invalid", "terms_2.toml"),
        (no_utf8, "rules_invalid", "terms.toml"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_bad_pack_is_refused_by_name_and_nothing_is_written(
    counter: Counter, spoil: Callable[[Counter], None], code: str, named: str
) -> None:
    store, folder = counter.training.desk.store, counter.training.folder.rules
    spoil(counter)
    head = store.head()[0]
    config = training_config(DAY, ControlMode.DUAL, "zh_CN")
    found = take_in_rules(store, folder, root_of(counter), config, "2026-11-23T01:02:03.000000Z")
    assert isinstance(found, Refusal)
    assert found.code.code == code
    assert named in str(found)
    assert store.head()[0] == head


def test_a_date_without_a_pack_is_refused(counter: Counter) -> None:
    offered = offered_packs(counter.training.folder.rules)
    assert not isinstance(offered, Refusal)
    found = adoption(offered, "CN", root_of(counter), "2026-01-02")
    assert isinstance(found, e.RulesAdopted)
    few = [one for one in offered if one.file != "terms.toml"]
    missing = adoption(few, "CN", root_of(counter), DAY)
    assert isinstance(missing, Refusal)
    assert "terms" in str(missing)


def test_a_seal_is_read_strictly() -> None:
    key = SigningKey.generate()
    seal = seal_pack("text", "certificate", key)
    assert read(write(seal)) == seal
    assert isinstance(read(b"no seal"), Refusal)
    bad = check_seal("text", PackSeal(1, "nobody", "%%%"), key.public_key, DAY)
    assert bad is not None


# --- what stands in the record all the same ---------------------------------------------------------------------


def adopted(counter: Counter) -> e.RulesAdopted:
    found = [one.event for one in counter.training.desk.store.own_recorded()]
    return next(one for one in found if isinstance(one, e.RulesAdopted))


def other_text(event: e.RulesAdopted) -> e.RulesAdopted:
    first = event.packs[0]
    return replace(event, packs=(replace(first, text=first.text + "\n# later\n"), *event.packs[1:]))


def other_signer(event: e.RulesAdopted) -> e.RulesAdopted:
    return replace(event, packs=(replace(event.packs[0], certificate="nobody"), *event.packs[1:]))


def broken_text(event: e.RulesAdopted) -> e.RulesAdopted:
    return replace(event, packs=(replace(event.packs[0], text="pack ="), *event.packs[1:]))


def no_base64(event: e.RulesAdopted) -> e.RulesAdopted:
    return replace(event, packs=(replace(event.packs[0], signature="%"), *event.packs[1:]))


@pytest.mark.parametrize(
    "forge", [other_text, other_signer, broken_text, no_base64], ids=lambda one: one.__name__
)
def test_an_adoption_the_bank_did_not_sign_is_found_and_not_judged_by(
    counter: Counter, forge: Callable[[e.RulesAdopted], e.RulesAdopted]
) -> None:
    store, root = counter.training.desk.store, root_of(counter)
    good = book_of(store.own_recorded(), root)
    store.append([(desk_head(store), forge(adopted(counter)))])
    assert book_of(store.own_recorded(), root).adoptions == good.adoptions
    assert not counter.verify().verified


def test_rules_adopted_within_a_transaction_are_found(counter: Counter) -> None:
    store = counter.training.desk.store
    store.append([(desk_head(store, "a" * 32), adopted(counter))])
    assert not counter.verify().verified


def test_a_transaction_that_says_other_rules_is_found(counter: Counter) -> None:
    store = counter.training.desk.store
    head = desk_head(store, "b" * 32, "0317", "maker")
    began = e.TransactionStarted(
        "03-1123-0099", "cash_deposit", "d" * 64, "dual", 1, 1, "0317", "identify", "CN/none"
    )
    store.append([(head, began)])
    assert any("other rules" in one.text for one in counter.verify().findings)


def test_without_a_root_nothing_vouches_and_without_packs_there_are_no_rules(counter: Counter) -> None:
    store = counter.training.desk.store
    assert book_of(store.own_recorded(), b"").adoptions
    empty = RuleBook(())
    assert isinstance(empty.on(DAY), PackFlaw)
    assert empty.by_reference("CN/x") is None
    today = book_of(store.own_recorded(), root_of(counter)).on(DAY)
    assert isinstance(today, RuleSet)


def test_a_folder_that_is_not_there_offers_nothing(tmp_path: Path) -> None:
    assert offered_packs(tmp_path / "nowhere") == ()
