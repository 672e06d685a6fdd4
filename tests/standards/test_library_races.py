"""Several colleagues at once: one draft of a version, one approval, one clause of a number."""

import pytest

from linli.kernel.errors import Conflict, WrongState
from linli.standards import texts
from linli.standards.actions import library as actions
from linli.standards.documents import DocumentState
from linli.standards.models import Document
from tests.orders.people import race
from tests.standards.test_library_life import CLAUSE, drafted

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_new_version_is_begun(cast, at):
    by = cast.actor("yu_tao")
    found = race(*[lambda: actions.revise_document(by=by, code="WXQ")] * 6)
    assert sorted(type(x).__name__ for x in found) == ["Conflict"] * 5 + ["Document"]
    assert Document.objects.filter(code="WXQ").count() == 2


def test_one_approval_counts(cast, at):
    row = drafted(cast, "xie_lin")
    actions.submit_document(by=cast.actor("xie_lin"), document_id=row.id)
    people = [cast.actor("yu_tao"), cast.actor("yuan_qing")]
    found = race(*[lambda by=by: actions.approve_document(by=by, document_id=row.id) for by in people])
    assert sum(isinstance(x, WrongState) for x in found) == 1
    row.refresh_from_db()
    winner = next(by.id for by, x in zip(people, found, strict=True) if isinstance(x, Document))
    assert (row.state, row.approver_id) == (DocumentState.IN_FORCE, winner)


def test_of_two_who_change_one_clause_the_second_is_told(cast, at):
    row, by = drafted(cast), cast.actor("yu_tao")
    was = texts.clause_text(row.clauses.get()).digest
    said = [type(CLAUSE)("1.1", "总则", "先提醒", f"清理前 {n} 天张贴提醒。") for n in range(2, 6)]
    found = race(*[lambda c=c: actions.save_clause(by=by, document_id=row.id, clause=c, number="1.1", was=was) for c in said])
    assert sum(isinstance(x, Conflict) for x in found) == 3
    assert [c.text for c in row.clauses.all()] == [x.text for x in found if not isinstance(x, Conflict)]
