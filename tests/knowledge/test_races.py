"""Many at one moment: what is told, counted and kept of the knowledge base."""

from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from linli.kernel import ids
from linli.kernel.actors import SYSTEM
from linli.knowledge import actions, facts, index
from linli.knowledge.models import Entry
from linli.ledger import stamps
from tests.orders.people import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_opinion_is_counted(cast, at):
    entry, members = Entry.objects.get(code="senior_card"), sorted({m.id for m in cast.member.values()})[:8]
    for _ in range(3):
        message = ids.new()
        race(*[
            lambda m=m, message=message: actions.tell_useful(by=SYSTEM, entry_id=entry.id, message_id=message, member_id=m, useful=True)
            for m in members
        ])  # fmt: skip
    assert Entry.objects.get(id=entry.id).useful == 3 * len(members)


def test_a_change_that_is_committed_late_is_followed(cast, at):
    """Written before another one and committed after it: the newest change is the one that this process knows already."""
    head, written, go = cast.actor("zhao_hui"), Event(), Event()
    entry = actions.save_entry(by=head, question="屋顶共享菜地怎么申请？", answer="三月登记。", source="公约")
    if not connection.features.has_select_for_update:
        written.set()  # one writer at a time: nobody overtakes anybody
        go.set()

    def slow() -> None:
        with transaction.atomic():
            actions.save_entry(by=head, entry_id=entry.id, question="屋顶共享菜地怎么申请？", answer="四月登记。", source="公约")
            written.set()
            assert go.wait(20)

    def quick() -> None:
        assert written.wait(20)
        other = actions.save_entry(by=head, question="菜地的水谁来浇？", answer="轮流。", source="公约")
        assert str(other.id) in index.current()[1]
        go.set()

    try:
        race(slow, quick)
        index.forget()
        assert index.current()[1][str(entry.id)].answer == "四月登记。"
    finally:
        index.drop()


def test_facts_are_read_while_another_reader_has_a_newer_stamp(cast, at, monkeypatch):
    """In the moment of a commit one reader goes by the stamp before it and one by that after it."""
    both, here, each = Barrier(2), cast.community["jinxiu"].id, iter(("before", "after"))

    class Meeting(dict):
        def __setitem__(self, stamp, found):
            super().__setitem__(stamp, found)
            both.wait(20)

    facts.of_place(here)  # the places are kept by now
    monkeypatch.setattr(facts, "_kept", Meeting())
    monkeypatch.setattr(facts, "STAMP", "facts here")
    asked = stamps.current
    monkeypatch.setattr(stamps, "current", lambda name: next(each) if name == "facts here" else asked(name))
    found = race(*[lambda: facts.of_place(here)["社区服务站电话"]] * 2)
    assert found == ["190-0000-2201"] * 2
