"""An answer of one street or community is told there and nowhere else: in groups, on pages, over the API; in a table by name."""

import json

import pytest

from linli.grid.models import Area
from linli.kernel.errors import BadInput
from linli.knowledge import actions, exchange, index, selectors
from linli.knowledge.models import Entry
from tests.assistant.talk import heard, say
from tests.desk import sign_in, text

ASKED = "屋顶共享菜地怎么申请？"
HERE, THERE = "每年三月到锦绣社区服务站登记。", "找楼组长报名，五月抽签。"


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


@pytest.fixture
def home(cast):
    """Where zhou lives, and a community of the other street."""
    here = Area.objects.get(id=cast.member["zhou"].group.community_id)
    there = Area.objects.filter(level=Area.COMMUNITY).exclude(street_id=here.street_id).order_by("code").first()
    return here, there


def entry(cast, area, answer, question=ASKED):
    return actions.save_entry(by=cast.actor("yu_tao"), question=question, answer=answer, source="菜地公约", area_id=area.id if area else None)


def test_each_community_is_told_its_own_answer(cast, at, home):
    here, there = home
    entry(cast, here, HERE)
    entry(cast, there, THERE)
    assert HERE in heard(say(cast, "zhou", ASKED)).text
    for place, said in ((here.id, HERE), (there.id, THERE)):
        assert selectors.attempt(ASKED, place).said == said
    assert selectors.attempt(ASKED, None).verdict == "unknown", "in no community neither of them is told"


@pytest.mark.parametrize("words", [ASKED, f"小栖，{ASKED}"])
def test_what_holds_elsewhere_is_told_to_nobody_here(cast, at, home, words):
    entry(cast, home[1], THERE)
    message = say(cast, "zhou", words)
    reply = heard(message)
    assert message.outcome == "handed" and THERE not in reply.text


def test_a_street_s_answer_holds_in_its_communities(cast, at, home):
    here, there = home
    entry(cast, Area.objects.get(id=here.street_id), HERE)
    assert selectors.attempt(ASKED, here.id).said == HERE and selectors.attempt(ASKED, there.id).verdict == "unknown"


def test_the_api_knows_the_place_it_is_asked_for(cast, at, home):
    here, there = home
    entry(cast, here, HERE)
    client = sign_in(cast, "zhou")

    def ask(**more):
        return client.post("/api/knowledge/ask", json.dumps({"question": ASKED, **more}), content_type="application/json").json()

    assert ask(community_id=str(here.id))["entries"][0]["answer"] == HERE
    assert ask()["verdict"] == ask(community_id=str(there.id))["verdict"] == "refuse"


def test_residents_pages_offer_only_what_holds_here(cast, at, home):
    entry(cast, home[1], THERE)
    page = text(sign_in(cast, "zhou").get("/answers/", {"q": ASKED}))
    assert THERE not in page and "说不准" in page


def test_choices_lead_only_to_what_holds_here(cast, at, home):
    flexible = Entry.objects.get(code="flexible_worker")
    Entry.objects.filter(id=flexible.id).update(area_id=home[1].id)
    index.drop()
    offered = heard(say(cast, "zhou", "医保怎么交？")).card["choices"]
    assert offered and str(flexible.id) not in {i for i, _ in offered}


def test_the_form_sets_it_and_the_list_shows_it(cast, at, home):
    here, _ = home
    head = sign_in(cast, "zhao_hui")
    new = {"question": ASKED, "answer": HERE, "source": "菜地公约", "submit": "1"}
    assert here.name in text(head.get("/desk/knowledge/new/"))
    assert head.post("/desk/knowledge/new/", {**new, "area": "nowhere"}).status_code == 422
    assert head.post("/desk/knowledge/new/", {**new, "area": str(cast.grid["jinxiu1"].id)}).status_code == 422
    head.post("/desk/knowledge/new/", {**new, "area": str(here.id)})
    made = Entry.objects.get(question=ASKED)
    assert made.area_id == here.id
    page = sign_in(cast, "yu_tao").get("/desk/knowledge/?state=review")
    assert here.name in text(page) and f"只用在{here.name}" in text(head.get(f"/desk/knowledge/{made.id}/"))


def test_out_and_in_by_name_and_kept_where_the_table_says_nothing(cast, at, home):
    here, there = home
    head, made = cast.actor("zhao_hui"), entry(cast, here, HERE)
    out = exchange.csv_of(head).decode("utf-8-sig")
    assert f",{here.name}," in out and exchange.take_in(head, out.encode()).changed == 0
    table = f"编号,问题,答案,来源\n{made.code},{ASKED},{THERE},菜地公约\n".encode()
    assert exchange.take_in(head, table).changed == 1
    assert actions.pending(made).area_id == here.id, "a community's answer never becomes everybody's by an import"
    moved = f"编号,问题,答案,来源,地区\n{made.code},{ASKED},{HERE},菜地公约,{there.name}\n,新问题？,答,公约,火星街道\n".encode()
    taken = exchange.take_in(head, moved)
    assert taken.changed == 1 and taken.problems == ["第 3 行：没有叫“火星街道”的街道或社区（全区都用的，地区空着）。"]
    assert actions.pending(made).area_id == there.id
    index.forget()
    assert index.current()[1][str(made.id)].area_id == here.id


def test_a_grid_is_no_place_of_an_answer(cast, at):
    with pytest.raises(BadInput):
        entry(cast, cast.grid["jinxiu1"], HERE)
