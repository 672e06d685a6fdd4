"""The life of a procedure: two people, versions, orders that keep theirs, two hands at once."""

from dataclasses import replace

import pytest

from linli.kernel.errors import BadInput, Conflict, Forbidden, WrongState
from linli.ledger.models import Event
from linli.standards import access, actions, selectors
from linli.standards.models import Kind, Procedure
from linli.standards.states import PROCEDURE_MOVES, ProcedureState
from tests.desk import opened
from tests.standards.own import text, trees

pytestmark = pytest.mark.usefixtures("cast", "at")


def state(row):
    return Procedure.objects.get(id=row.id).state


def test_two_people_bring_a_new_procedure_into_force_and_orders_are_opened_under_it(cast):
    centre, leader = cast.actor("yu_tao"), cast.actor("cao_wei")
    made = actions.draft_procedure(by=centre, text=text())
    assert state(made) == "draft" and not Kind.objects.filter(code=made.code).exists()
    with pytest.raises(WrongState):
        actions.approve_procedure(by=leader, procedure_id=made.id)
    actions.submit_procedure(by=centre, procedure_id=made.id)
    with pytest.raises(Forbidden, match="另一位同志"):
        actions.approve_procedure(by=centre, procedure_id=made.id)
    actions.approve_procedure(by=leader, procedure_id=made.id)
    kind = Kind.objects.get(code=made.code)
    assert (kind.label, kind.category, kind.procedure, kind.listed) == ("树木修剪", "environment", made.code, True)
    assert kind in selectors.listed_kinds()
    order = opened(cast, kind=made.code)
    assert (order.procedure, order.procedure_version, order.step) == (made.code, 1, "s1")
    verbs = list(Event.objects.filter(subject_id=made.id).order_by("id").values_list("verb", flat=True))
    assert verbs == ["standards.draft_procedure", "standards.submit_procedure", "standards.approve_procedure"]


def test_whoever_wrote_in_it_does_not_approve_it_even_when_others_wrote_after_her(cast):
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text())
    actions.change_procedure(by=cast.actor("cao_wei"), procedure_id=made.id, text=text(), edit=0)
    actions.change_procedure(by=cast.actor("yan_hui"), procedure_id=made.id, text=text(), edit=1)
    actions.submit_procedure(by=cast.actor("yan_hui"), procedure_id=made.id)
    for key in ("yu_tao", "cao_wei", "yan_hui"):
        with pytest.raises(Forbidden):
            actions.approve_procedure(by=cast.actor(key), procedure_id=made.id)
    assert actions.approve_procedure(by=cast.actor("yuan_qing"), procedure_id=made.id).state == "in_force"


def test_a_new_version_never_moves_old_orders(cast):
    first = trees(cast)
    old = opened(cast, kind=first.code)
    second = actions.draft_procedure(by=cast.actor("xie_lin"), copy_of=first.id)
    assert (second.code, second.version, second.data) == (first.code, 2, first.data)
    wider = text()
    wider.data["steps"][0]["label"] = "上树查看"
    wider.data["steps"][0]["limit"]["amount"] = 600
    actions.change_procedure(by=cast.actor("xie_lin"), procedure_id=second.id, text=wider, edit=0)
    actions.submit_procedure(by=cast.actor("xie_lin"), procedure_id=second.id)
    due, amounts = old.due_at, list(old.clocks.order_by("name").values_list("name", "amount"))
    actions.approve_procedure(by=cast.actor("cao_wei"), procedure_id=second.id)
    assert (state(first), state(second)) == ("superseded", "in_force")
    old.refresh_from_db()
    assert (old.procedure_version, old.due_at, old.clocks.count()) == (1, due, len(amounts))
    assert list(old.clocks.order_by("name").values_list("name", "amount")) == amounts
    assert selectors.flow(old.procedure, old.procedure_version).step("s1").label == "现场查看"
    new = opened(cast, "jx5", kind=first.code, thing="树枝")
    assert (new.procedure_version, dict(new.clocks.values_list("name", "amount"))["s1"]) == (2, 600)


def test_a_version_that_was_in_force_never_changes(cast):
    made = trees(cast)
    with pytest.raises(WrongState):
        actions.change_procedure(by=cast.actor("yu_tao"), procedure_id=made.id, text=text("别的"), edit=0)
    assert Procedure.objects.get(id=made.id).name == "树木修剪"


def test_only_one_new_version_is_written_at_a_time(cast):
    golden = selectors.procedure("golden_eye")
    actions.draft_procedure(by=cast.actor("yu_tao"), copy_of=golden.id)
    with pytest.raises(Conflict, match="接着改那一份"):
        actions.draft_procedure(by=cast.actor("cao_wei"), copy_of=golden.id)


def test_the_same_form_sent_twice_makes_one_draft(cast):
    key = cast.district.id
    rows = {actions.draft_procedure(by=cast.actor("yu_tao"), text=text(), procedure_id=key).id for _ in range(2)}
    assert rows == {key}
    with pytest.raises(Conflict) as caught:
        actions.draft_procedure(by=cast.actor("cao_wei"), text=text(), procedure_id=key)
    assert caught.value.code == "key_taken"


def test_two_people_change_the_same_draft_and_nobodys_words_are_lost(cast):
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text())
    actions.change_procedure(by=cast.actor("xie_lin"), procedure_id=made.id, text=text("谢琳的"), edit=0)
    with pytest.raises(Conflict, match="不是同一稿") as caught:
        actions.change_procedure(by=cast.actor("yu_tao"), procedure_id=made.id, text=text("俞涛的"), edit=0)
    assert caught.value.code == "changed_meanwhile"
    row = Procedure.objects.get(id=made.id)
    assert (row.name, row.edit, row.changed_by) == ("谢琳的", 1, cast.account["xie_lin"].id)
    actions.change_procedure(by=cast.actor("yu_tao"), procedure_id=made.id, text=text("商量好的"), edit=1)
    assert Procedure.objects.get(id=made.id).name == "商量好的"


def test_a_broken_procedure_is_refused_with_what_is_wrong(cast):
    broken = text()
    broken.data["steps"][0]["limit"]["calendar"] = ""
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=broken)
    with pytest.raises(BadInput, match="请选按哪个日历算") as caught:
        actions.submit_procedure(by=cast.actor("yu_tao"), procedure_id=made.id)
    assert caught.value.code == "broken" and state(made) == "draft"
    # Also when it broke after it was submitted: the calendar was taken away meanwhile.
    broken.data["steps"][0]["limit"]["calendar"] = "hours"
    actions.change_procedure(by=cast.actor("yu_tao"), procedure_id=made.id, text=broken, edit=0)
    actions.submit_procedure(by=cast.actor("yu_tao"), procedure_id=made.id)
    Procedure.objects.filter(id=made.id).update(data=broken.data | {"first": "gone"})
    with pytest.raises(BadInput, match="从哪一步开始"):
        actions.approve_procedure(by=cast.actor("cao_wei"), procedure_id=made.id)
    assert state(made) == "review"


@pytest.mark.parametrize(("change", "code"), [({"name": " "}, "missing_name"), ({"name": "很" * 17}, "long_name"), ({"data": {"steps": 3}}, "unreadable")])
def test_what_is_no_procedure_is_not_even_a_draft(cast, change, code):
    with pytest.raises(BadInput) as caught:
        actions.draft_procedure(by=cast.actor("yu_tao"), text=replace(text(), **change))
    assert caught.value.code == code


def test_returned_with_the_reason_and_written_on(cast):
    made = actions.draft_procedure(by=cast.actor("xie_lin"), text=text())
    actions.submit_procedure(by=cast.actor("xie_lin"), procedure_id=made.id)
    with pytest.raises(WrongState):
        actions.change_procedure(by=cast.actor("xie_lin"), procedure_id=made.id, text=text(), edit=0)
    with pytest.raises(BadInput):
        actions.return_procedure(by=cast.actor("cao_wei"), procedure_id=made.id, words=" ")
    row = actions.return_procedure(by=cast.actor("cao_wei"), procedure_id=made.id, words="三天太长")
    assert (row.state, row.note) == ("draft", "三天太长")
    assert actions.submit_procedure(by=cast.actor("xie_lin"), procedure_id=made.id).note == ""


def test_taken_out_of_use_no_new_order_is_opened_under_it_and_old_ones_go_on(cast):
    made = trees(cast)
    old = opened(cast, kind=made.code)
    actions.withdraw_procedure(by=cast.actor("cao_wei"), procedure_id=made.id)
    assert state(made) == "withdrawn" and made.code not in {k.code for k in selectors.listed_kinds()}
    assert opened(cast, "jx5", kind=made.code, thing="树枝").procedure == "group_appeal"
    assert selectors.flow(old.procedure, old.procedure_version).step(old.step).label == "现场查看"


def test_what_the_product_needs_is_never_taken_away(cast):
    with pytest.raises(Forbidden, match="不能撤下"):
        actions.withdraw_procedure(by=cast.actor("yu_tao"), procedure_id=selectors.procedure("group_appeal").id)


def test_a_seeded_procedure_gets_a_new_version_at_the_desk_and_no_kind_of_its_own(cast):
    made = actions.draft_procedure(by=cast.actor("yu_tao"), copy_of=selectors.procedure("golden_eye").id)
    actions.submit_procedure(by=cast.actor("yu_tao"), procedure_id=made.id)
    actions.approve_procedure(by=cast.actor("cao_wei"), procedure_id=made.id)
    assert selectors.procedure("golden_eye").version == 3 and not Kind.objects.filter(procedure="golden_eye").exists()


@pytest.mark.parametrize("key", ["li_min", "zhao_hui", "he_feng", "shi_qiang", "admin", "hua_yu"])
def test_others_write_nothing(cast, key):
    by, golden = cast.actor(key), selectors.procedure("golden_eye")
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text())
    for act in (
        lambda: actions.draft_procedure(by=by, text=text()), lambda: actions.draft_procedure(by=by, copy_of=golden.id),
        lambda: actions.change_procedure(by=by, procedure_id=made.id, text=text(), edit=0), lambda: actions.submit_procedure(by=by, procedure_id=made.id),
        lambda: actions.return_procedure(by=by, procedure_id=made.id, words="x"), lambda: actions.approve_procedure(by=by, procedure_id=made.id),
        lambda: actions.withdraw_procedure(by=by, procedure_id=made.id), lambda: actions.withdraw_procedure(by=by, procedure_id=golden.id),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()


def test_a_section_writes_and_does_not_approve(cast):
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text())
    actions.submit_procedure(by=cast.actor("xie_lin"), procedure_id=made.id)
    with pytest.raises(Forbidden):
        actions.approve_procedure(by=cast.actor("xie_lin"), procedure_id=made.id)
    own = actions.draft_procedure(by=cast.actor("xie_lin"), text=text("谢琳的"))
    assert actions.withdraw_procedure(by=cast.actor("xie_lin"), procedure_id=own.id).state == "withdrawn"


@pytest.mark.parametrize("verb", PROCEDURE_MOVES.moves)
def test_every_move_has_its_function_and_its_right(verb):
    assert hasattr(actions, verb) and verb in access.RIGHTS


@pytest.mark.parametrize("state_", list(ProcedureState))
@pytest.mark.parametrize("verb", PROCEDURE_MOVES.moves)
def test_in_every_state_exactly_the_verbs_of_the_table_pass(cast, verb, state_):
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text())
    Procedure.objects.filter(id=made.id).update(state=state_)
    given = {"words": "改一改"} if verb == "return_procedure" else {"text": text(), "edit": 0} if verb == "change_procedure" else {}
    try:
        getattr(actions, verb)(by=cast.actor("cao_wei"), procedure_id=made.id, **given)
        passed = True
    except WrongState:
        passed = False
    assert passed is PROCEDURE_MOVES.allows(verb, state_)
