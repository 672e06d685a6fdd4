"""Hot matters of a year: clustered by what `linli evaluate events` judges, live and historical orders, nothing confidential."""

from datetime import datetime, timedelta

import pytest

from linli.grid.selectors import stamp_of_building
from linli.insight import actions as insight
from linli.insight import jobs, selectors, year
from linli.insight.models import YearMade, YearMatter
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.language import apart
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from tests.desk import sign_in, text

pytestmark = pytest.mark.django_db
PUMP = ("二次供水水泵半夜嗡嗡响，吵得睡不着", "地下室水泵夜里响个不停，孩子被吵醒", "水泵房晚上噪音大，嗡嗡响到天亮", "供水水泵又响了，夜里睡不好")
OTHER = ("绿化带的枯枝没有清走", "楼道灯泡坏了一个", "快递柜占了消防通道")


def told(cast, words, *, thing, kind="noise", building="jx3", days=0, member=None, past=False):
    at = clock.now() - timedelta(days=days)
    voice = VoiceDraft(words=words, member_id=cast.member[member].id if member else None)
    draft = Draft(kind=kind, thing=thing, stamp=stamp_of_building(cast.building[building]), voice=voice, history_at=at if past else None)
    return actions.open_order(by=SYSTEM, draft=draft)


@pytest.fixture
def pumped(cast, at):
    """The pump of 3号楼 over nine months, three of the orders from former years' files; three other matters, each once."""
    at.set(datetime(2026, 3, 2, 10))
    for n, words in enumerate(PUMP[:3]):
        told(cast, words, thing="水泵", days=240 - 70 * n, past=True)
    told(cast, PUMP[3], thing="水泵")
    for n, (words, thing) in enumerate(zip(OTHER, ("枯枝", "灯泡", "快递柜"), strict=True)):
        told(cast, words, thing=thing, kind="sanitation", building="jx5", days=30 * n, past=True)
    while insight.cluster_year():
        pass


def test_one_event_over_a_year_is_one_matter_with_its_history_and_weeks(cast, pumped):
    [row] = YearMatter.objects.all()
    assert (row.thing, row.community_id, row.orders, row.past, row.people) == ("水泵", cast.community["jinxiu"].id, 4, 3, 4)
    assert row.place.startswith("3号楼") or "3号楼" in row.place
    assert len(row.weeks) == 52 and sum(row.weeks) == 4 and row.weeks[-1] == 1
    assert (row.last_day - row.first_day).days == 240


def test_the_clustering_is_the_one_that_is_judged(cast, pumped, monkeypatch):
    asked = []

    def seen(messages):
        asked.extend(messages)
        return [[n] for n in range(len(messages))]

    monkeypatch.setattr(apart, "clustered", seen)
    assert year.gather(cast.community["jinxiu"].id, clock.today()) == [], "every message alone: no matter is left"
    assert len(asked) == 7 and {body for _, _, body, _ in asked} >= set(PUMP)


def test_a_confidential_matter_is_no_part_of_it(cast, at):
    for n in range(4):
        told(cast, f"三楼又在打人，哭声很大，第{n}次了", thing="打人", kind="abuse", days=0)
    while insight.cluster_year():
        pass
    assert not YearMatter.objects.exists() and YearMade.objects.count() == len(cast.community)


def test_one_person_who_says_it_every_week_is_not_many(cast, at):
    for n, words in enumerate(PUMP):
        told(cast, words, thing="水泵", days=7 * n, member="zhou", past=n > 0)
    while insight.cluster_year():
        pass
    assert not YearMatter.objects.exists()


@pytest.mark.parametrize(("hour", "made"), [(0, 0), (1, 1), (4, 1), (5, 0), (10, 0)])
def test_the_worker_does_it_at_night(cast, at, hour, made):
    at.set(datetime(2026, 3, 2, hour))
    jobs.cluster_year()
    assert YearMade.objects.count() == made


def test_once_a_day_and_made_anew_as_a_whole(cast, pumped, at):
    assert insight.cluster_year() is None
    at.move(days=1)
    assert insight.cluster_year() is not None
    while insight.cluster_year():
        pass
    assert YearMatter.objects.count() == 1
    at.move(days=400)
    while insight.cluster_year():
        pass
    assert not YearMatter.objects.exists(), "what is longer ago than a year is hot no more"


def test_who_reads_the_orders_of_the_place_sees_it_on_the_page(cast, pumped):
    page = sign_in(cast, "cao_wei").get("/desk/opinion/")
    words = text(page)
    assert "一年热点" in words and "水泵" in words and "历史 3 件" in words
    assert page.content.count(b'class="weeks"') == 1
    for who in ("yan_hui", "li_min", "bao_hua"):
        found = selectors.opinion(cast.actor(who))
        assert year.hottest(cast.actor(who), found.scopes) == [], who
    assert year.hottest(cast.actor("cao_wei"), selectors.opinion(cast.actor("cao_wei")).scopes, "health") == []
