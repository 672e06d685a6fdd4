"""What a colleague brings by hand: every procedure that a person opens has its openers, its place and its first step."""

import pytest

from linli.grid.selectors import Stamp, stamp_of_building
from linli.kernel.errors import BadInput, Forbidden
from linli.orders import access, actions, bringing
from linli.orders.models import Order, Voice, Word
from linli.standards import selectors as standards

pytestmark = pytest.mark.django_db
#: who is of 锦绣苑 or over it
PEOPLE = {
    "grid_worker": "li_min", "line_worker": "han_mei", "grid_helper": "you_gang", "grid_manager": "xu_jing", "grid_guide": "qi_yue",
    "community_head": "zhao_hui", "duty_officer": "hua_yu", "centre": "yu_tao", "stability_centre": "ge_jun", "street_section": "xie_lin",
    "street_leader": "cao_wei", "front_desk": "lu_xin", "department": "fang_zheng", "collector": "ren_qi", "district_body": "yuan_qing",
    "property": "shi_qiang",
}  # fmt: skip
#: procedure → (who opens it, where its order is then, whose it is)
RIGHTS: dict[str, tuple[str, str, str]] = {
    "patrol": (
        "grid_worker line_worker grid_helper grid_manager grid_guide community_head duty_officer centre stability_centre "
        "street_section front_desk department collector property", "found", "opener",
    ),
    "pool": (
        "grid_worker line_worker grid_helper grid_manager community_head duty_officer centre street_section front_desk", "claim", "",
    ),
    "early_warning": ("grid_worker line_worker grid_manager community_head stability_centre centre", "assess", "ge_jun"),
    "repair": ("grid_worker line_worker community_head front_desk duty_officer centre property", "company", "shi_qiang"),
    "correction": ("grid_worker line_worker grid_helper grid_manager collector front_desk community_head centre", "verify", "li_min"),
    "emergency": ("grid_worker line_worker grid_manager community_head duty_officer centre department street_section", "verify", "li_min"),
    "bad_opinion": ("grid_worker community_head centre stability_centre", "assess", "zhao_hui"),
    "sensor": ("grid_worker community_head front_desk duty_officer centre", "check", "li_min"),
    "item": ("front_desk line_worker grid_worker", "check", "lu_xin"),
    "joint": ("street_leader street_section centre district_body community_head", "lead", "xie_lin"),
}  # fmt: skip
#: opened by a door of its own, by the machine, or by another order
ELSEWHERE = {
    "group_appeal", "sensitive", "question", "complaint", "golden_eye", "deputies", "hotline", "message_board", "task", "supervision", "inspection",
}  # fmt: skip
WORDS = "书院巷口的井盖松了，车压过去响"


def brought(cast, who: str, procedure: str, building: str = "jx3", **more) -> Order:
    words = more.pop("words", WORDS)
    made = actions.bring_matter(by=cast.actor(who), procedure=procedure, stamp=stamp_of_building(cast.building[building]), words=words, **more)
    return Order.objects.get(id=made.id)


def test_every_procedure_has_a_door(cast, at):
    assert set(RIGHTS) | ELSEWHERE == {p.code for p in standards.procedures()}


@pytest.mark.parametrize("procedure", RIGHTS)
def test_role_by_procedure_by_area(cast, at, procedure):
    """Each role opens in its own place what the table says, sees it among its choices, and nothing in another community."""
    allowed, step, whose = RIGHTS[procedure]
    may = set(allowed.split())
    for role, key in PEOPLE.items():
        shown = {b.code for b in bringing.all_for(cast.actor(key))}
        if role not in may:
            assert procedure not in shown
            with pytest.raises(Forbidden):
                brought(cast, key, procedure)
            continue
        assert procedure in shown or (procedure == "pool" and role == "grid_helper")
        order = brought(cast, key, procedure)
        entry = "found" if (procedure, role) == ("pool", "grid_helper") else step
        assert (order.procedure, order.step, order.opener_id) == (procedure, entry, cast.account[key].id)
        if whose and role not in ("property",):
            assert cast.key_of(order.responsible_id) == (key if whose == "opener" else whose), role
        if role not in ("centre", "district_body"):
            with pytest.raises(Forbidden):
                brought(cast, key, procedure, "hp1")


def test_residents_golden_eyes_and_outsiders_have_nothing_to_choose(cast, at):
    for key in ("he_feng", "lian_feng", "cen_lan", "bao_hua", "admin", "zhou"):
        assert bringing.all_for(cast.actor(key)) == [], key
    with pytest.raises(BadInput, match="自己的入口"):
        brought(cast, "li_min", "golden_eye")
    for procedure in ("task", "supervision", "group_appeal"):
        with pytest.raises(Forbidden):
            brought(cast, "zhao_hui", procedure)


def test_a_find_is_solved_on_the_spot_or_reported(cast, at):
    spot = brought(cast, "you_gang", "patrol", outcome="spot", words="楼道的纸箱已经请住户搬走了")
    assert (spot.state, spot.ending, spot.way, spot.solved_in_time) == ("closed", "done", "staff", None)
    assert [(w.verb, w.public) for w in Word.objects.filter(order_id=spot.id)] == [("handle_order", True)]
    told = brought(cast, "you_gang", "patrol", outcome="report")
    assert (told.step, cast.key_of(told.responsible_id)) == ("verify", "xu_jing")
    with pytest.raises(BadInput, match="写清"):
        brought(cast, "you_gang", "patrol", outcome="spot", words="好了")
    assert Order.objects.count() == 2, "what was refused has left nothing"


def test_each_way_of_finding_is_counted_by_the_finders_post(cast, at):
    ways = {key: brought(cast, key, "patrol").way for key in ("you_gang", "ren_qi", "shi_qiang", "zhao_hui", "qi_yue", "xie_lin")}
    assert ways == {
        "you_gang": "staff", "ren_qi": "staff", "shi_qiang": "property", "zhao_hui": "supervision", "qi_yue": "supervision", "xie_lin": "supervision",
    }  # fmt: skip
    assert brought(cast, "li_min", "sensor").way == "sensor"


def test_a_colleagues_words_are_for_colleagues_and_somebody_named_is_sealed(cast, at):
    order = brought(cast, "li_min", "pool")
    word = Word.objects.get(order_id=order.id)
    assert (word.text, word.public, order.voice_count) == (WORDS, False, 0)
    item = brought(cast, "lu_xin", "item", words="申请高龄津贴，身份证带来了", name="陈奶奶", phone="13912345678")
    assert (item.kind, item.voice_count) == ("item", 1) and Voice.objects.get(order_id=item.id).name == "陈奶奶"
    assert not Word.objects.filter(order_id=item.id).exists()


def test_a_sensitive_find_leaves_the_pool_and_its_finder_is_sealed(cast, at):
    found = brought(cast, "you_gang", "patrol", words="12栋天台有人搭铁皮房，新的违建", outcome="report")
    assert (found.procedure, found.confidential, cast.key_of(found.responsible_id)) == ("sensitive", True, "zhao_hui")
    assert found.opener_id is None and found.way == "staff" and Voice.objects.get().account_id == cast.account["you_gang"].id
    ours = brought(cast, "li_min", "pool", words="居委会主任收红包，要投诉居委会主任")
    assert (ours.procedure, cast.key_of(ours.responsible_id)) == ("complaint", "cao_wei")
    assert not access.reads(cast.actor("zhao_hui"), ours)


def test_the_kind_is_chosen_or_read_from_the_words_and_doubted(cast, at):
    assert brought(cast, "li_min", "pool", kind="safety").kind == "safety"
    assert brought(cast, "li_min", "repair", words="2单元三楼楼道顶上漏水").kind == "repair"
    assert brought(cast, "hua_yu", "emergency", words="5号楼地下室进水了").urgency == 2
    with pytest.raises(BadInput, match="没有这一类"):
        brought(cast, "li_min", "pool", kind="nothing")


def test_the_line_is_one_that_somebody_serves_there(cast, at):
    order = brought(cast, "li_min", "pool", words="孤老家里没人照看", line="养老")
    assert order.line == "养老"
    best = actions.suggest(order)
    assert best is not None and (cast.key_of(best.account_id), best.reason) == ("han_mei", "专做这一条线的社工")
    with pytest.raises(BadInput, match="没有做这条线"):
        brought(cast, "li_min", "pool", line="就业")


def test_the_same_form_sent_twice_is_one_order(cast, at):
    first = brought(cast, "you_gang", "patrol", outcome="report", key="k1")
    assert brought(cast, "you_gang", "patrol", outcome="report", key="k1").id == first.id
    assert Order.objects.count() == 1 and Word.objects.count() == 1


def test_what_is_missing_is_said(cast, at):
    with pytest.raises(BadInput, match="是什么事"):
        brought(cast, "li_min", "pool", words=" ")
    with pytest.raises(BadInput, match="没有这份流程"):
        brought(cast, "li_min", "nothing")


def test_a_place_without_a_building(cast, at):
    area = cast.community["jinxiu"]
    stamp = Stamp(area.street_id, area.id, None, None, "", "东门花坛边")
    order = actions.bring_matter(by=cast.actor("you_gang"), procedure="patrol", stamp=stamp, words=WORDS)
    assert (order.place_text, order.building_id, order.community_id) == ("东门花坛边", None, area.id)
