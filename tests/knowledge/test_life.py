"""An entry's life: draft, review by a second person, in force within its days, expired; what is served, what never."""

from datetime import date, timedelta

import pytest

from linli.kernel import clock
from linli.kernel.actors import CLOCK
from linli.kernel.errors import BadInput, Forbidden, WrongState
from linli.knowledge import actions, index
from linli.knowledge.models import Entry
from linli.ledger.models import Event

TEXT = actions.Text(question="屋顶共享菜地怎么申请？", answer="每年三月登记，抽签决定。", source="社区共享菜地公约", wordings=("想种屋顶菜地",))


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


def served(entry):
    index.forget()
    return str(entry.id) in index.current()[1]


def verdict(query):
    index.forget()
    return index.current()[0].answer(query)


def test_from_draft_to_expired(cast, at):
    worker, head = cast.actor("li_min"), cast.actor("zhao_hui")
    entry = actions.draft_entry(by=worker, text=TEXT)
    assert entry.state == Entry.DRAFT and not served(entry)
    actions.submit_entry(by=worker, entry_id=entry.id)
    assert not served(entry)
    with pytest.raises(BadInput):
        actions.return_entry(by=head, entry_id=entry.id, words=" ")
    assert actions.return_entry(by=head, entry_id=entry.id, words="请写登记时间").note == "请写登记时间"
    actions.draft_entry(by=worker, text=TEXT, entry_id=entry.id)
    actions.submit_entry(by=worker, entry_id=entry.id)
    actions.approve_entry(by=head, entry_id=entry.id)
    assert served(entry) and verdict("想种屋顶菜地").verdict == "answer"
    with pytest.raises(WrongState):
        actions.draft_entry(by=worker, text=TEXT, entry_id=entry.id)
    actions.retire_entry(by=head, entry_id=entry.id)
    assert not served(entry) and verdict("想种屋顶菜地").verdict == "refuse"
    with pytest.raises(WrongState):
        actions.retire_entry(by=head, entry_id=entry.id)
    verbs = Event.objects.filter(subject_id=entry.id).order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["knowledge.approve_entry", "knowledge.retire_entry"]


def test_nobody_approves_her_own_words(cast, at):
    head = cast.actor("zhao_hui")
    entry = actions.draft_entry(by=head, text=TEXT)
    actions.submit_entry(by=head, entry_id=entry.id)
    with pytest.raises(Forbidden):
        actions.approve_entry(by=head, entry_id=entry.id)
    with pytest.raises(Forbidden):
        actions.approve_entry(by=cast.actor("li_min"), entry_id=entry.id)


def test_what_was_not_read_is_never_told(cast, at):
    entry = actions.save_entry(by=cast.actor("zhao_hui"), question="屋顶共享菜地怎么申请？", answer="登记。", source="某办法（待核）")
    assert not served(entry) and verdict("屋顶共享菜地怎么申请").verdict == "refuse"
    other = actions.draft_entry(by=cast.actor("li_min"), text=actions.Text(question="菜地？", answer="有", source="待核"))
    actions.submit_entry(by=cast.actor("li_min"), entry_id=other.id)
    with pytest.raises(BadInput):
        actions.approve_entry(by=cast.actor("zhao_hui"), entry_id=other.id)


def test_only_within_its_days(cast, at):
    today, head = clock.today(), cast.actor("zhao_hui")
    entry = actions.save_entry(
        by=head, question="屋顶共享菜地怎么申请？", answer="登记。", source="公约", valid_from=today + timedelta(1), valid_to=today + timedelta(2),
    )  # fmt: skip
    seen = []
    for _ in range(4):
        seen.append(served(entry))
        at.move(days=1)
    assert seen == [False, True, True, False]
    assert actions.expire_entries(by=CLOCK) == 1 and Entry.objects.get(id=entry.id).state == Entry.EXPIRED
    with pytest.raises(BadInput):
        actions.save_entry(by=head, question="a", answer="b", source="c", valid_from=date(2026, 2, 2), valid_to=date(2026, 2, 1))


def test_this_process_follows_without_building_anew(cast, at):
    retriever = index.current()[0]
    entry = actions.save_entry(by=cast.actor("zhao_hui"), question="屋顶共享菜地怎么申请？", answer="登记。", source="公约")
    assert index.current()[0] is retriever and served(entry)
    assert verdict("屋顶共享菜地怎么申请").hits[0].entry_id == str(entry.id)
    actions.save_entry(by=cast.actor("zhao_hui"), entry_id=entry.id, question="鸽子棚怎么申请？", answer="登记。", source="公约")
    assert verdict("鸽子棚怎么申请").hits[0].entry_id == str(entry.id)
    assert verdict("屋顶共享菜地怎么申请").verdict == "refuse"


def test_at_midnight_one_form_gives_way_to_the_next(cast, at):
    """As many entries as before and none of them changed: only the day did."""
    today, head = clock.today(), cast.actor("zhao_hui")
    old = actions.save_entry(by=head, question="屋顶共享菜地怎么申请？", answer="三月登记。", source="公约", valid_to=today)
    new = actions.save_entry(by=head, question="屋顶共享菜地怎样报名？", answer="四月登记。", source="公约", valid_from=today + timedelta(1))
    actions.save_entry(by=head, question="菜地的水谁来浇？", answer="轮流。", source="公约")
    assert served(old) and not served(new)
    at.move(days=1)
    assert served(new) and not served(old)
