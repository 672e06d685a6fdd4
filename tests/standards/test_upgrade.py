"""A newer version's standards reach a district that an older one has set up: what it wrote itself stays as it is."""

import pytest

from linli.kernel import clock
from linli.site.commands.doctor import WITH_TABLES
from linli.standards import seed, shelf, texts
from linli.standards.actions import library as actions
from linli.standards.documents import DocumentState
from linli.standards.models import Clause, Document, Kind, Procedure
from tests.standards.test_library_life import changed

pytestmark = pytest.mark.django_db


def older(*, without: str = "", other: str = "") -> None:
    """As an older version of the product would have set it up: a clause not written yet, a clause with other words."""
    if without:
        code, _, number = without.partition("-")
        Clause.objects.get(document__code=code, number=number).delete()
    if other:
        code, _, number = other.partition("-")
        Clause.objects.filter(document__code=code, number=number).update(text="旧版的话。")


def last_of(code: str) -> str:
    return Clause.objects.filter(document__code=code).order_by("position").last().number


def approved(cast, made) -> None:
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)


def test_a_new_clause_and_new_words_come_as_the_next_version(cast, at):
    number = last_of("TF")
    older(without=f"TF-{number}", other="WXQ-4.2")
    assert shelf.clause(f"TF-{number}") is None
    before, opened = Document.objects.count(), clock.now()
    at.move(days=1)
    seed.seed_standards()
    assert Document.objects.count() == before + 2
    assert shelf.clause(f"TF-{number}") is not None and shelf.in_force("TF").version == 2
    assert shelf.clause("WXQ-4.2").text != "旧版的话。"
    assert shelf.clause("WXQ-4.2", opened).text == "旧版的话。", "an order reads what stood there in its time"
    old = Document.objects.get(code="TF", version=1)
    assert (old.state, old.superseded_at) == (DocumentState.SUPERSEDED, clock.now())
    seed.seed_standards()
    assert Document.objects.count() == before + 2, "the second time changes nothing"


def test_what_the_district_wrote_or_is_writing_stays_and_the_doctor_says_what_is_new(cast, at):
    numbers = {code: last_of(code) for code in ("TF", "WXQ")}
    for code, number in numbers.items():
        older(without=f"{code}-{number}")
    approved(cast, changed(cast, "TF", "1.1", text="区里改写过的。"))
    changed(cast, "WXQ", "4.2", text="正在写。")
    before = Document.objects.count()
    seed.seed_standards()
    assert Document.objects.count() == before
    assert shelf.clause("TF-1.1").text == "区里改写过的。"
    assert {d.code: n for d, n in seed.lacking()} == {code: [number] for code, number in numbers.items()}
    said = [f.what for f in dict(WITH_TABLES)["标准"]()]
    assert any(f"新带来的条款没有放进去：{numbers['TF']}" in line for line in said)


def test_a_clause_that_the_district_took_out_is_not_called_new(cast, at):
    made = actions.revise_document(by=cast.actor("yu_tao"), code="TF")
    number = last_of("TF")
    was = texts.clause_text(made.clauses.get(number=number)).digest
    actions.remove_clause(by=cast.actor("yu_tao"), document_id=made.id, number=number, was=was)
    approved(cast, made)
    assert shelf.clause(f"TF-{number}") is None and seed.lacking() == []


def test_kinds_and_procedures_that_lack_are_added_and_changed_ones_stay(cast, at):
    Kind.objects.filter(code="noise").delete()
    Kind.objects.filter(code="repair").update(label="维修")
    Procedure.objects.filter(code="patrol").delete()
    seed.seed_standards()
    assert Kind.objects.get(code="noise").label == "噪音" and Kind.objects.get(code="repair").label == "维修"
    assert Procedure.objects.get(code="patrol", state=Procedure.IN_FORCE).name == "巡查上报"
