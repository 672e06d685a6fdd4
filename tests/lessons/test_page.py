"""小栖学得怎么样: for those who keep standards and platform; classes, mixed-up pairs, versions, one button back; nobody counted."""

import pytest

from linli.kernel.actors import CLOCK
from linli.lessons import actions, examples, selectors
from linli.lessons.examples import Decision
from linli.lessons.models import Example, ModelVersion
from tests.desk import sign_in, text
from tests.lessons.school import PIGEONS
from tests.lessons.test_training import confuse, decide

pytestmark = pytest.mark.django_db
URL = "/desk/understanding/"


def test_who_may_look_and_who_may_press(cast, at, school):
    seen = {key for key in ("yu_tao", "xie_lin", "zhao_hui", "li_min", "fang_zheng", "zhou") if sign_in(cast, key).get(URL).status_code == 200}
    assert seen == {"yu_tao"}
    examples.keep(cast.actor("li_min"), [Decision(PIGEONS[0], Example.CORRECT, "appeal")])
    for path in ("train/", "back/"):
        assert sign_in(cast, "li_min").post(URL + path).status_code == 403
        assert sign_in(cast, "yu_tao").get(URL + path).status_code == 405
    assert ModelVersion.objects.count() == 0


def test_the_first_time_there_is_nothing_to_learn_and_the_page_says_so(cast, at, school):
    page = text(sign_in(cast, "yu_tao").get(URL))
    assert "还没有攒下判断" in page and "现在学一次" not in page
    assert "紧急" in page and "环境卫生" in page and "听成了" in page and "出厂的那一版" in page


def test_classes_hold_their_denominators_and_the_worst_stand_first(cast, at, school):
    report = selectors.report("any")
    for head, classes in report.heads.items():
        assert sum(c.rows for c in classes) == report.told[head] and sum(c.found for c in classes) == report.right[head]
        assert [min(c.recall, c.precision) for c in classes] == sorted(min(c.recall, c.precision) for c in classes)
    assert report.pairs and all(p.times >= len(p.sentences) > 0 and p.truth != p.guess for p in report.pairs)
    assert [p.times for p in report.pairs] == sorted((p.times for p in report.pairs), reverse=True)


def test_learn_refuse_and_go_back_by_buttons(cast, at, school):
    client = sign_in(cast, "yu_tao")
    decide(cast, *PIGEONS)
    assert client.post(URL + "train/").status_code == 302
    assert "正在学" in text(client.get(URL))
    assert client.post(URL + "train/").status_code == 409
    actions.advance_training(by=CLOCK)
    page = text(client.get(URL))
    assert "比原来不差，换上了" in page and "正在用" in page and "工单上更正了 4 条" in page and "退回上一版" in page
    at.move(minutes=5)
    confuse(cast)
    client.post(URL + "train/")
    actions.advance_training(by=CLOCK)
    page = text(client.get(URL))
    assert "有变差的地方，没有换" in page and "“诉求”" in page and "降到" in page
    assert client.post(URL + "back/").status_code == 302
    assert client.post(URL + "back/").status_code == 302
    refused = client.post(URL + "back/")
    assert refused.status_code == 409 and "前面没有了" in text(refused)


def test_no_person_is_named_or_counted(cast, at, school):
    for key in ("li_min", "wang_fang"):
        examples.keep(cast.actor(key), [Decision(f"晚上老是拖椅子{n}", Example.CORRECT, "appeal") for n in "天地人"])
    page = text(sign_in(cast, "yu_tao").get(URL)).replace(cast.account["yu_tao"].name, "")
    assert not any(a.name and a.name in page for a in cast.account.values())
    assert "拖椅子" not in page, "residents' words are not shown either"

