"""The disk fills up under a desk at work: a clear refusal, the same page, nothing lost, and on it goes with room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import commands as c
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal, RefusalCode
from desk.machines import Machines
from desk.persistence.journal_store import JournalStore
from desk.persistence.secrets import TrainingKeyFile, desk_keys
from tests.crash.child import DAY
from tests.crash.crash import live
from tests.crash.record import read_record, verify
from tests.desk.persistence.full_disk import files_end_at
from ui.composition import CounterTop, OpenDesk, load_forms, open_desk
from ui.training.branch import TRAINING_PASSWORD, BranchFolder, found, write_slip
from ui.training.customer import ROWS, Customer
from ui.training.desk import open_training_store, training_config
from ui.training.headless import MAKER

CUSTOMER = Customer()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OpenDesk]:
    """A founded training desk without machines."""
    folder = BranchFolder(tmp_path)
    store = open_training_store(folder)
    keys = desk_keys(TrainingKeyFile(tmp_path / "desk-keys.json"), "training")
    assert isinstance(store, JournalStore)
    assert not isinstance(keys, Refusal)
    found(store, keys.desk, folder, DAY)
    write_slip(folder, CUSTOMER.account, CUSTOMER.amount_minor, DAY, ROWS)
    config = training_config(DAY, ControlMode.DUAL, "en")
    top = CounterTop(Machines(), ())
    desk = open_desk(store, config, folder.trust, folder.sealed_keys(), folder.slips, load_forms(), top)
    assert isinstance(desk, OpenDesk), desk
    yield desk
    desk.close()


ACTS: tuple[c.Command, ...] = (
    c.SignOn(MAKER, TRAINING_PASSWORD),
    c.StartTransaction("1010"),
    c.IdentifyCustomer(CUSTOMER.account.number),
    c.ConfirmCustomer(),
    c.KeySlip(CUSTOMER.amount_keys),
    c.TickCheck("VC-08"),
    c.TickCheck("VC-24"),
    c.Advance(),
    c.Park("no room"),
)


def test_every_act_on_a_full_disk_is_refused_and_done_once_there_is_room(
    desk: OpenDesk, tmp_path: Path
) -> None:
    session = desk.session
    for act in ACTS:
        before, head = session.snapshot(), desk.store.head()
        with files_end_at(0):
            refused = session.do(act)
            assert isinstance(refused, Refusal), act
            assert refused.code is RefusalCode.NOT_RECORDED, act
            assert session.snapshot() == before, act
        assert desk.store.head() == head
        done = session.do(act)
        assert not isinstance(done, Refusal), (act, done)
        assert desk.store.head()[0] > head[0]
    events = [event.name for event in read_record(tmp_path).of_transaction()]
    assert [events.count(name) for name in ("transaction.started", "slip.recorded", "name.matched")] == [
        1,
        1,
        1,
    ]
    assert verify(tmp_path).verified


def test_a_second_desk_in_the_same_folder_is_refused(desk: OpenDesk, tmp_path: Path) -> None:
    """Another process, in the same folder, while this one is at work."""
    second = live(tmp_path)
    assert second.returncode == 1
    assert second.errors.startswith(f"704 already_running (process={os.getpid()})")
    assert not (tmp_path / "machines").exists(), "it must not even start machines"
