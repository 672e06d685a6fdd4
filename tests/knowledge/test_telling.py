"""An answer with its local facts: a sentence without its fact is left out, never told half."""

import pytest

from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden
from linli.knowledge import actions, facts, selectors
from linli.knowledge.models import Entry, LocalFact
from linli.knowledge.telling import fields, source_of, told

ANSWER = "带身份证来办。社区服务站电话{社区服务站电话}。地址在{社区服务站地址}，{上班时间}开门！办好了会通知您。"


def test_sentences_with_facts():
    assert fields(ANSWER) == ["社区服务站电话", "社区服务站地址", "上班时间"]
    assert told(ANSWER, {}) == "带身份证来办。办好了会通知您。"
    some = {"社区服务站电话": "190-0000-2201", "社区服务站地址": "银杏路8号"}
    assert told(ANSWER, some) == "带身份证来办。社区服务站电话190-0000-2201。办好了会通知您。"
    assert told(ANSWER, some | {"上班时间": "九点"}).endswith("地址在银杏路8号，九点开门！办好了会通知您。")


def test_the_source_names_its_articles():
    assert source_of(Entry(source="《居住证暂行条例》", article="第十五条")) == "《居住证暂行条例》第十五条"
    assert source_of(Entry(source="《甲法》、《乙法》", article="《甲法》第一条；《乙法》第二条")) == "《甲法》第一条；《乙法》第二条"


@pytest.mark.django_db
def test_the_nearest_place_wins_and_a_change_is_told_at_once(cast, at):
    jinxiu, hewan = cast.community["jinxiu"].id, cast.community["hewan"].id
    assert facts.of_place(jinxiu)["社区服务站电话"] == "190-0000-2201"
    assert facts.of_place(hewan)["供水热线"] == facts.of_place(None)["供水热线"]
    actions.set_fact(by=cast.actor("zhao_hui"), name="供水热线", value="找社区小李", area_id=jinxiu)
    assert facts.of_place(jinxiu)["供水热线"] == "找社区小李" != facts.of_place(hewan)["供水热线"]
    actions.set_fact(by=cast.actor("zhao_hui"), name="供水热线", value="", area_id=jinxiu)
    assert facts.of_place(jinxiu)["供水热线"] == facts.of_place(None)["供水热线"]


@pytest.mark.django_db
def test_each_fills_in_her_own_place(cast, at):
    head = cast.actor("zhao_hui")
    with pytest.raises(Forbidden):
        actions.set_fact(by=head, name="供水热线", value="1", area_id=cast.community["heping"].id)
    with pytest.raises(Forbidden):
        actions.set_fact(by=head, name="供水热线", value="1", area_id=None)
    with pytest.raises(Forbidden):
        actions.set_fact(by=cast.actor("li_min"), name="供水热线", value="1", area_id=cast.community["jinxiu"].id)
    with pytest.raises(BadInput):
        actions.set_fact(by=SYSTEM, name="供水热线", value="{坏}")
    count = LocalFact.objects.count()
    actions.set_fact(by=SYSTEM, name="供水热线", value=facts.of_place(None)["供水热线"])
    assert LocalFact.objects.count() == count


@pytest.mark.django_db
def test_what_is_not_filled_in_stands_first(cast, at):
    rows = selectors.fact_rows()
    values = [bool(r.value or r.places) for r in rows]
    assert values == sorted(values) and not values[0] and values[-1]
    assert rows[0].entries >= 1 and rows[0].example
