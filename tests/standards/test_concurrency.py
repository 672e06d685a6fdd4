"""Two hands on one draft at the same moment: one is stored, the other is told, nothing is half done."""

import pytest

from linli.kernel.errors import Conflict, LinliError, WrongState
from linli.ledger.models import Event
from linli.standards import actions, selectors
from linli.standards.models import Kind, Procedure
from tests.orders.people import race
from tests.standards.own import text

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_several_who_save_the_same_writing_one_is_stored(cast, at):
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text())
    people = ["yu_tao", "cao_wei", "xie_lin", "yuan_qing"]
    found = race(*[lambda k=k: actions.change_procedure(by=cast.actor(k), procedure_id=made.id, text=text(f"{k}的"), edit=0) for k in people])
    stored = [f for f in found if isinstance(f, Procedure)]
    assert len(stored) == 1 and all(isinstance(f, Conflict) and f.code == "changed_meanwhile" for f in found if f not in stored)
    row = Procedure.objects.get(id=made.id)
    assert (row.edit, row.name) == (1, stored[0].name)
    assert Event.objects.filter(subject_id=made.id, verb="standards.change_procedure").count() == 1


def test_of_two_who_approve_one_does_and_there_is_one_kind(cast, at):
    made = actions.draft_procedure(by=cast.actor("xie_lin"), text=text())
    actions.submit_procedure(by=cast.actor("xie_lin"), procedure_id=made.id)
    found = race(*[lambda k=k: actions.approve_procedure(by=cast.actor(k), procedure_id=made.id) for k in ("yu_tao", "cao_wei", "yuan_qing")])
    assert sum(isinstance(f, Procedure) for f in found) == 1
    assert all(isinstance(f, WrongState | Conflict) for f in found if not isinstance(f, Procedure))
    assert Kind.objects.filter(procedure=made.code).count() == 1


def test_of_several_who_begin_a_new_version_one_does(cast, at):
    golden = selectors.procedure("golden_eye")
    found = race(*[lambda k=k: actions.draft_procedure(by=cast.actor(k), copy_of=golden.id) for k in ("yu_tao", "cao_wei", "xie_lin")])
    assert sum(isinstance(f, Procedure) for f in found) == 1
    assert all(isinstance(f, LinliError) and f.status == 409 for f in found if not isinstance(f, Procedure))
    assert Procedure.objects.filter(code="golden_eye", state="draft").count() == 1
