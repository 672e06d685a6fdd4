"""Plans by kind of emergency, read from the clauses of the library."""

import pytest

from linli.standards import plans, shelf
from linli.standards.documents import ClauseText
from linli.standards.models import Clause
from linli.standards.procedures import EMERGENCY

pytestmark = pytest.mark.django_db


def test_each_plan_says_who_comes_what_residents_do_where_things_are_and_each_step(cast):
    steps = {s["label"] for s in EMERGENCY["steps"] if s["type"] == "task"}
    found = plans.plans()
    assert [p.title for p in found] == ["火情", "燃气泄漏", "洪涝和台风", "电梯困人", "停水停电", "走失", "公共卫生事件"]
    for plan in found:
        heads = {head for head, _ in plan.lines}
        assert heads >= steps | {"先做", "谁来", "居民怎么做", "物资"}, plan.title
        assert plan.limits[0].startswith("到场 ") and all(words for _, words in plan.lines)


@pytest.mark.parametrize(
    ("words", "title"),
    [("3号楼厨房着火", "火情"), ("闻到煤气味", "燃气泄漏"), ("地下车库进水", "洪涝和台风"), ("有人关在电梯里", "电梯困人"), ("整栋楼停电", "停水停电"),
     ("老人走失", "走失"), ("聚集性发热", "公共卫生事件"), ("电梯困人，停电了", "电梯困人")],
)  # fmt: skip
def test_a_plan_is_found_by_the_words_that_people_use(cast, words, title):
    found = plans.plan_for(words)
    assert found and found.title == title


def test_no_plan_is_guessed(cast):
    assert plans.plan_for("广场舞太吵") is None


def test_a_district_rewrites_its_plan(cast):
    clause = Clause.objects.get(code="TF-5.4")
    Clause.objects.filter(id=clause.id).update(text="又叫：卡梯\n现场处置：先叫本楼的持证师傅。")
    shelf.forget()
    found = plans.plan_for("5号楼卡梯")
    assert found and found.of_step("现场处置") == "先叫本楼的持证师傅。" and found.of_step("核实报告") == ""


def test_a_line_without_a_head_is_not_lost():
    plan = plans.read(ClauseText("5.9", "分类预案", "塌陷", "先拦住路。\n现场处置：围起来。"))
    assert plan.beside({"现场处置"}) == [("", "先拦住路。")] and plan.of_step("现场处置") == "围起来。"
