"""Which machine stands at which place of the counter: a spare bound by teller and supervisor, and a machine that cannot
say who it is confirmed by the teller. Decides who may; what a machine is and how it is driven is the room's."""

from __future__ import annotations

from dataclasses import replace

from desk import commands as c
from desk.core import DeskCore
from desk.domain.events import MachineBound, MachineConfirmed
from desk.domain.people import Act, Person, may_act
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import machine_digest
from desk.handlers.shape import Answer, open_key
from desk.handlers.signing import sign_over
from desk.machines import MachineOffer, MachineRoom, PlaceFacts
from desk.procedures.acts import SignedBy
from desk.records import Signer
from devices.contracts import IdentityKind

TEMPLATE = "machine/bind-1"


def confirm_machine(core: DeskCore, command: c.ConfirmMachine) -> Answer:
    """Written down first: nothing with an effect leaves for a machine nobody is on record for."""
    room = core.given.room
    if core.person is None:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    if room is None or not room.awaits_person(command.place):
        return None
    bound = _place(room, command.place)
    core.note(
        MachineConfirmed(command.place, bound.binding_id if bound else ""), core.person.staff_no, "teller"
    )
    room.confirm(command.place)
    return None


def bind_machine(core: DeskCore, command: c.BindMachine) -> Answer:
    """Two people sign which machine takes the place; it is written down, and only then driven."""
    room, teller, signer = core.given.room, core.person, core.signer
    if teller is None or signer is None:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    offer = room.offer(command.offer) if room else None
    here = _place(room, command.place) if room else None
    if room is None or offer is None or here is None:
        return refuse(RefusalCode.MACHINE_NOT_IDENTIFIED)
    refusal = _misfit(room, here, offer)
    if refusal:
        return refusal
    supervisor = _second(core, teller, command.staff_no)
    if isinstance(supervisor, Refusal):
        return supervisor
    key = open_key(core, command.staff_no, command.password, "supervisor")
    if isinstance(key, Refusal):
        return key
    wanted = MachineBound(
        core.given.new_id(), command.place, offer.model, offer.identity.kind.value, offer.identity.value,
        offer.port, here.binding_id,
    )  # fmt: skip
    bound = _signed(core, wanted, signer, key)
    key.close()
    if isinstance(bound, Refusal):
        return bound
    core.note(bound, teller.staff_no, "teller")
    core.given.machines = room.put(command.place, offer, bound.binding_id)
    return None


def _place(room: MachineRoom, place: str) -> PlaceFacts | None:
    return next((one for one in room.places() if one.place == place), None)


def _misfit(room: MachineRoom, here: PlaceFacts, offer: MachineOffer) -> Answer:
    """Why this machine cannot take this place."""
    if offer.kind is not here.kind:
        return refuse(RefusalCode.MACHINE_KIND, device=here.kind.value, found_kind=offer.kind.value)
    for other in room.places():
        told = offer.identity.kind is IdentityKind.SERIAL_NUMBER and other.identity == offer.identity
        if other.place != here.place and (told or other.port == offer.port):
            return refuse(RefusalCode.MACHINE_BOUND, device=other.kind.value)
    if room.is_busy(here.place):
        return refuse(RefusalCode.MACHINE_BUSY, device=here.kind.value)
    return None


def _second(core: DeskCore, teller: Person, staff_no: str) -> Person | Refusal:
    """The supervisor, who is somebody else."""
    person = core.person_named(staff_no)
    if isinstance(person, Refusal):
        return person
    if person.staff_no == teller.staff_no:
        return refuse(RefusalCode.SAME_PERSON, staff_no=staff_no, act=Act.AUTHORISE.value)
    return may_act(person, Act.AUTHORISE, (), "-") or person


def _signed(
    core: DeskCore, wanted: MachineBound, teller: Signer, supervisor: Signer
) -> MachineBound | Refusal:
    """The binding with both signatures, each proved before it is written down."""
    made = _statement(core, wanted, teller, "make")
    if isinstance(made, Refusal):
        return made
    permitted = _statement(core, wanted, supervisor, "authorise")
    if isinstance(permitted, Refusal):
        return permitted
    return replace(
        wanted, staff_no=made.staff_no, statement=made.statement, signature=made.signature,
        second_person=permitted.staff_no, second_statement=permitted.statement,
        second_signature=permitted.signature,
    )  # fmt: skip


def _statement(core: DeskCore, wanted: MachineBound, signer: Signer, act: str) -> SignedBy | Refusal:
    digest = machine_digest(core.given.records.desk_id, wanted)
    signed = sign_over(core, signer, "", act, digest, wanted.binding_id, TEMPLATE)
    if isinstance(signed, Refusal):
        return signed
    if not signed.binds(signer.staff_no, act, "", digest, wanted.binding_id):
        return refuse(RefusalCode.STATEMENT_FORGED, staff_no=signer.staff_no)
    return signed
