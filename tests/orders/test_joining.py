"""One matter in several orders, several in one, parts that others do: no voice is lost, no promise broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from linli.grid.selectors import stamp_of_building
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import access, actions, asked, known, selectors
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.filters import parse
from linli.orders.models import Clock, Order, Request, Voice
from linli.orders.states import WAY_LABELS, Door, Way
from tests.orders.people import WORDS, draft, opened, voice_of

pytestmark = pytest.mark.django_db


def words_of(*orders: Order) -> list[tuple]:
    rows = Voice.objects.filter(order__in=orders)
    return sorted((str(v.id), str(v.account_id), v.words) for v in rows)


def test_merging_keeps_every_voice_and_every_word(cast, at):
    a, b, c = opened(cast, "chen"), opened(cast, who="liu"), opened(cast, "chen", who="ma")
    before = words_of(a, b, c)
    head = cast.actor("zhao_hui")
    target = actions.merge_orders(by=head, order_ids=[b.id, c.id, b.id], into=a.id)
    assert words_of(target) == before
    assert target.voice_count == 4, "陈师傅 spoke twice and is one person"
    assert {o.ending for o in Order.objects.filter(parent_id=target.id)} == {"merged"}
    actions.handle_order(by=cast.actor("li_min"), order_id=target.id, words=WORDS)
    deliver_all()
    told = {cast.key_of(n.account_id) for n in Notice.objects.filter(subject_id=target.id, kind="result_ready")}
    assert told == {"zhou", "chen", "liu", "ma"}, "all of them hear the result"
    assert {o.id for o in selectors.search(head, "电梯")} >= {target.id}


def test_a_message_about_both_goes_into_one_without_being_said_twice(cast, at):
    message = ids.new()
    a, b = (actions.open_order(by=SYSTEM, draft=draft(cast, thing=thing)) for thing in ("电梯", "门禁"))
    Voice.objects.filter(order__in=(a, b)).update(message_id=message)
    before = words_of(a, b)
    target = actions.merge_orders(by=cast.actor("zhao_hui"), order_ids=[b.id], into=a.id)
    assert words_of(target) == before and target.voice_count == 1
    assert actions.add_voices(by=SYSTEM, order_id=target.id, voices=[replace(voice_of(cast), message_id=message)]) == []


def test_who_was_taken_out_by_mistake_is_merged_back(cast, at):
    order = opened(cast, "chen")
    voice = order.voices.get(account_id=cast.account["chen"].id)
    Voice.objects.filter(id=voice.id).update(message_id=ids.new())
    actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=voice.id, words="说的是别的事")
    own = Order.objects.get(key=f"out:{voice.id}")
    target = actions.merge_orders(by=cast.actor("zhao_hui"), order_ids=[own.id], into=order.id)
    assert target.voice_count == 2 and target.voices.filter(state=Voice.ACTIVE).count() == 2


@pytest.mark.parametrize("how", ["merge", "void"])
def test_what_was_asked_for_an_order_that_is_no_more_waits_for_nobody(cast, at, how):
    order, other, head = opened(cast), opened(cast, who="chen"), cast.actor("zhao_hui")
    row = actions.request_extension(by=cast.actor("li_min"), order_id=order.id, clock_name=Clock.SOLVE, amount=60, words="配件要从外地调来")
    assert [r.id for r, _ in asked.for_decider(head)] == [row.id]
    if how == "merge":
        actions.merge_orders(by=head, order_ids=[order.id], into=other.id)
    else:
        actions.void_order(by=head, order_id=order.id, words="试着按的")
    assert Request.objects.get(id=row.id).state == Request.GONE and not asked.for_decider(head)


@pytest.mark.parametrize("how", ["merge", "merge twice", "split", "out"])
def test_who_opened_a_voice_is_known_wherever_the_voice_goes(cast, at, how):
    order, worker, head = opened(cast, "chen"), cast.actor("li_min"), cast.actor("zhao_hui")
    actions.view_voices(by=cast.actor("lu_xin"), order=order, purpose="visit")
    at.move(minutes=5)
    voice = order.voices.get(account_id=cast.account["chen"].id)
    if how == "split":
        now = actions.split_order(by=worker, order_id=order.id, voice_ids=[voice.id], words="说的是另一部电梯")
    elif how == "out":
        actions.remove_voice(by=worker, order_id=order.id, voice_id=voice.id, words="说的是别的事")
        now = Order.objects.get(key=f"out:{voice.id}")
    else:
        now = actions.merge_orders(by=head, order_ids=[order.id], into=opened(cast, who="liu").id)
        if how == "merge twice":
            now = actions.merge_orders(by=head, order_ids=[now.id], into=opened(cast, who="ma").id)
    at.move(minutes=5)
    if how in ("split", "out"):
        actions.view_voices(by=cast.actor("cao_wei"), order=order, purpose="visit")
    opened_by = {cast.key_of(k.account_id) for k in known.of(now).knowers if k.words}
    assert opened_by == {"lu_xin"}, "who opened the first order afterwards did not see what had left it"


@pytest.mark.parametrize("which", ["itself", "nothing", "over", "other community", "confidential", "stranger"])
def test_what_cannot_be_merged_is_refused_whole(cast, at, which):
    head, target, other = cast.actor("zhao_hui"), opened(cast), opened(cast)
    ids = [other.id]
    if which == "itself":
        ids = [target.id]
    elif which == "nothing":
        ids = []
    elif which == "over":
        actions.handle_order(by=head, order_id=other.id, words=WORDS)
    elif which == "other community":
        head = cast.actor("yu_tao")
        ids = [opened(cast, who="dong", building="ld7").id]
    elif which == "confidential":
        ids = [opened(cast, kind="group_rental").id]
    else:
        head = cast.actor("qian_xiulan")
    before = words_of(*Order.objects.all())
    with pytest.raises(LinliError) as refused:
        actions.merge_orders(by=head, order_ids=ids, into=target.id)
    assert refused.value.message and words_of(*Order.objects.all()) == before
    assert Order.objects.get(id=target.id).voice_count == 1


def test_splitting_gives_each_its_own_clock_and_loses_nobody(cast, at):
    order = opened(cast, "chen", "liu")
    at.move(minutes=30)
    moving = order.voices.get(account_id=cast.account["chen"].id)
    before = words_of(order)
    made = actions.split_order(by=cast.actor("li_min"), order_id=order.id, voice_ids=[moving.id], words="说的是另一部电梯")
    order.refresh_from_db()
    assert words_of(order, made) == before and (order.voice_count, made.voice_count) == (2, 1)
    assert made.answer_due_at == clock.now() + timedelta(hours=2) and made.parent_id == order.id
    assert order.answer_due_at == clock.now() + timedelta(minutes=90)
    deliver_all()
    assert made.voices.get().id == moving.id


def test_what_is_sealed_stays_sealed_when_it_is_split(cast, at):
    sealed = actions.open_order(
        by=SYSTEM, draft=Draft(kind="help", stamp=stamp_of_building(cast.building["jx3"]), voice=voice_of(cast), confidential=True, way=Way.STAFF)
    )
    actions.add_voices(by=SYSTEM, order_id=sealed.id, voices=[voice_of(cast, "chen")])
    moving = sealed.voices.get(account_id=cast.account["chen"].id)
    made = actions.split_order(by=cast.actor("zhao_hui"), order_id=sealed.id, voice_ids=[moving.id], words="说的是另一件事", kind="repair")
    assert made.confidential and made.way == Way.STAFF
    assert made.id not in {o.id for o in access.visible_to(cast.actor("shi_qiang"))}


def test_a_part_goes_on_in_the_procedure_it_came_from(cast, at):
    order = actions.open_order(
        by=SYSTEM, draft=Draft(kind="repair", stamp=stamp_of_building(cast.building["jx3"]), voice=voice_of(cast), procedure="repair")
    )
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "chen")])
    moving = order.voices.get(account_id=cast.account["chen"].id)
    made = actions.split_order(by=cast.actor("zhao_hui"), order_id=order.id, voice_ids=[moving.id], words="说的是另一根管子")
    assert (made.procedure, made.step) == ("repair", order.step)


@pytest.mark.parametrize("how", ["none", "all", "another order's"])
def test_the_first_order_keeps_a_voice(cast, at, how):
    order, other = opened(cast, "chen"), opened(cast, who="liu")
    ids = {"none": [], "all": [v.id for v in order.voices.all()], "another order's": [other.voices.get().id]}[how]
    with pytest.raises(LinliError, match="至少留一个"):
        actions.split_order(by=cast.actor("li_min"), order_id=order.id, voice_ids=ids, words="说的是另一部电梯")
    assert Order.objects.count() == 2


def test_joint_handling_has_a_lead_and_closes_when_all_have_answered(cast, at):
    lead = actions.open_order(
        by=cast.actor("cao_wei"), draft=Draft(kind="safety", stamp=stamp_of_building(cast.building["jx3"]), procedure="joint", voice=voice_of(cast))
    )
    assert cast.key_of(lead.responsible_id) == "xie_lin"
    section = cast.actor("xie_lin")
    parts = actions.open_children(
        by=section, order_id=lead.id,
        tasks=[actions.Task(cast.account["fang_zheng"].id, "请到场维持秩序", 2), actions.Task(cast.account["shi_qiang"].id, "请关掉水阀", 1)],
    )  # fmt: skip
    assert [cast.key_of(p.responsible_id) for p in parts] == ["fang_zheng", "shi_qiang"] and all(p.voice_count == 0 for p in parts)
    assert [(c.calendar, c.amount) for c in (Clock.objects.get(order=p) for p in parts)] == [("days", 2), ("days", 1)]
    with pytest.raises(LinliError, match="还没有都答复"):
        actions.handle_order(by=section, order_id=lead.id, words=WORDS)
    actions.pass_step(by=cast.actor("fang_zheng"), order_id=parts[0].id, outcome="done", given=actions.Given(words=WORDS))
    deliver_all()
    assert not Notice.objects.filter(kind="children_done").exists()
    # An honest no of a part is an answer as well.
    actions.pass_step(by=cast.actor("shi_qiang"), order_id=parts[1].id, outcome="no", given=actions.Given(words="水阀不归我们管，归自来水公司"))
    deliver_all()
    assert Notice.objects.get(kind="children_done").account_id == section.id
    assert actions.handle_order(by=section, order_id=lead.id, words=WORDS).state == "handled"


def test_an_appeal_that_others_help_with_waits_for_them_too(cast, at):
    lead = opened(cast)
    part = actions.open_children(by=cast.actor("li_min"), order_id=lead.id, tasks=[actions.Task(cast.account["shi_qiang"].id, "换控制板")])[0]
    with pytest.raises(LinliError, match="还没有都答复"):
        actions.handle_order(by=cast.actor("li_min"), order_id=lead.id, words=WORDS)
    actions.answer_order(by=cast.actor("li_min"), order_id=lead.id, words="物业已经去换控制板，今天十七点前修好。")
    actions.pass_step(by=cast.actor("shi_qiang"), order_id=part.id, outcome="done", given=actions.Given(words=WORDS))
    assert actions.handle_order(by=cast.actor("li_min"), order_id=lead.id, words=WORDS).state == "handled"


def test_whoever_joins_in_never_sees_who_spoke(cast, at):
    lead = opened(cast)
    part = actions.open_children(by=cast.actor("li_min"), order_id=lead.id, tasks=[actions.Task(cast.account["shi_qiang"].id, "换控制板")])[0]
    assert Voice.objects.filter(order=part).count() == 0
    with pytest.raises(LinliError):
        actions.view_voices(by=cast.actor("shi_qiang"), order=lead, purpose="work")


def test_urging_counts_once_a_day_and_person(cast, at):
    order = opened(cast, "chen")
    assert actions.urge_order(by=cast.actor("zhou"), order_id=order.id, words="水漏得更大了").urged == 1
    with pytest.raises(LinliError, match="今天已经催过了"):
        actions.urge_order(by=cast.actor("zhou"), order_id=order.id)
    assert actions.urge_order(by=cast.actor("chen"), order_id=order.id).urged == 2
    with pytest.raises(LinliError):
        actions.urge_order(by=cast.actor("dong"), order_id=order.id)
    at.move(hours=24, seconds=1)
    assert actions.urge_order(by=cast.actor("zhou"), order_id=order.id).urged == 3
    deliver_all()
    told = Notice.objects.filter(subject_id=order.id, kind="order_urged")
    assert {cast.key_of(n.account_id) for n in told} == {"li_min"} and told.count() == 3


def test_one_issuer_supervises_once_at_a_time(cast, at):
    order, leader = opened(cast), cast.actor("cao_wei")
    made = actions.supervise_order(by=leader, order_id=order.id, words="请说明为什么还没修好")
    with pytest.raises(LinliError, match="还没有销号"):
        actions.supervise_order(by=leader, order_id=order.id, words="再问一次")
    actions.supervise_order(by=cast.actor("yu_tao"), order_id=order.id, words="平台中心也想知道")
    assert Event.objects.get(subject_id=order.id, verb="orders.supervise_order", actor_id=leader.id).facts["order"] == str(made.id)
    with pytest.raises(LinliError):
        actions.supervise_order(by=cast.actor("li_min"), order_id=order.id, words="她不能督办")


# -- four ways of finding (C17) ----------------------------------------------------------------------------------


def found_by(cast, who: str, procedure: str, door: str = "") -> Order:
    voice = VoiceDraft(words="楼道堆物", door=door) if door else None
    draft = Draft(kind="sanitation", stamp=stamp_of_building(cast.building["jx3"]), procedure=procedure, voice=voice)
    return actions.open_order(by=cast.actor(who) if who else SYSTEM, draft=draft)


WAYS = [
    ("li_min", "pool", "", Way.STAFF), ("you_gang", "pool", "", Way.STAFF), ("shi_qiang", "repair", "", Way.PROPERTY),
    ("zhao_hui", "pool", "", Way.SUPERVISION), ("xie_lin", "pool", "", Way.SUPERVISION), ("fang_zheng", "golden_eye", "", Way.SUPERVISION),
    ("lu_xin", "repair", Door.COUNTER, Way.RESIDENT), ("yu_tao", "hotline", Door.HOTLINE, Way.RESIDENT), ("", "", Door.GROUP, Way.RESIDENT),
    ("", "sensor", "", Way.SENSOR), ("bao_hua", "deputies", "", Way.RESIDENT),
]  # fmt: skip


@pytest.mark.parametrize(("who", "procedure", "door", "way"), WAYS)
def test_each_problem_carries_how_it_was_found(cast, at, who, procedure, door, way):
    order = found_by(cast, who, procedure, door)
    assert Order.objects.get(id=order.id).way == way and way in WAY_LABELS
    opening = Event.objects.get(subject_id=order.id, verb="orders.open_orders")
    assert opening.facts["way"] == way, "so that it can be counted"


def test_a_golden_eye_is_a_neighbour(cast, at):
    draft = Draft(kind="sanitation", stamp=stamp_of_building(cast.building["hp1"]), procedure="golden_eye")
    assert actions.open_order(by=cast.actor("he_feng"), draft=draft).way == Way.RESIDENT


OPENERS = [
    ("you_gang", "pool", True), ("you_gang", "repair", False), ("shi_qiang", "repair", True), ("shi_qiang", "pool", False),
    ("lian_feng", "pool", False), ("li_min", "deputies", False), ("li_min", "supervision", False), ("li_min", "task", False),
    ("li_min", "sensor", True), ("sun_li", "pool", False), ("zhou", "pool", False), ("cao_wei", "joint", True), ("li_min", "joint", False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "procedure", "may"), OPENERS)
def test_a_procedure_is_opened_by_the_roles_that_it_names_in_their_own_place(cast, at, who, procedure, may):
    if may:
        assert found_by(cast, who, procedure).procedure == procedure
        return
    with pytest.raises(LinliError) as refused:
        found_by(cast, who, procedure)
    assert refused.value.status == 403
    assert not Order.objects.exists()


def test_lists_and_figures_know_no_person_among_the_ways(cast, at):
    found_by(cast, "li_min", "pool")
    page = selectors.list_orders(cast.actor("zhao_hui"), parse({"state": "all"}), None)
    assert [o.way for o in page.rows] == [Way.STAFF]
