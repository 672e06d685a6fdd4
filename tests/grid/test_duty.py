"""Who answers for a place at a minute: the worker in office hours, the roster outside, and never nobody."""

from datetime import date, datetime, time, timedelta

import pytest

from linli.grid import actions
from linli.grid.duty import DutyBook
from linli.grid.selectors import Stamp, stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def on(*parts):
    return datetime(*parts, tzinfo=clock.LOCAL)


def of(cast, community):
    area = cast.community[community]
    return Stamp(area.street_id, area.id)


@pytest.mark.parametrize("community", ["jinxiu", "liudi", "hewan", "heping"])
def test_the_roster_has_no_gap_in_any_minute_of_a_week(cast, at, community):
    """A prime step visits every minute of the hour over the week; the week holds a holiday's Monday too."""
    stamp = of(cast, community)
    book = DutyBook()
    moment, end = on(2026, 3, 2), on(2026, 3, 9)
    while moment < end:
        holder = book.holder(stamp, moment)
        assert holder.account_id and holder.via != "gap", moment
        assert (holder.via in ("worker", "colleague")) == book.in_hours(stamp.community_id, moment), moment
        assert book.on_roster(stamp.street_id, moment), moment
        moment += timedelta(minutes=13)
    for hour in range(24):  # National Day: offices are closed, the roster is not
        assert book.holder(stamp, on(2026, 10, 1, hour, 30)).via == "roster"


def test_a_building_has_its_grids_worker_and_her_stand_in(cast, at):
    stamp = stamp_of_building(cast.building["jx3"], "2单元")
    li, wang = cast.account["li_min"], cast.account["wang_fang"]
    now = clock.now()
    holder = DutyBook().holder(stamp, now)
    assert (holder.account_id, holder.via) == (li.id, "worker")
    actions.add_absence(
        by=SYSTEM, account_id=li.id, starts_at=now, ends_at=now + timedelta(hours=2), stand_in_id=wang.id
    )
    book = DutyBook()
    assert (book.holder(stamp, now).account_id, book.holder(stamp, now).via) == (wang.id, "stand_in")
    assert book.holder(stamp, now + timedelta(hours=4)).account_id == li.id


def test_a_shift_of_one_day_goes_before_the_week(cast, at):
    street = cast.street["jinxiu"]
    night = on(2026, 3, 3, 21)
    usual = DutyBook().on_roster(street.id, night)
    other = next(cast.account[k].id for k in ("hua_yu", "jin_qiang") if cast.account[k].id != usual)
    actions.set_roster_shift(
        by=SYSTEM, area=street, account_id=other, day=date(2026, 3, 3), starts=time(20), ends=time(8)
    )
    book = DutyBook()
    assert book.on_roster(street.id, night) == other
    assert book.on_roster(street.id, night + timedelta(hours=10)) == other
    assert book.on_roster(street.id, night + timedelta(hours=12)) != other or usual == other


def test_when_the_roster_is_empty_an_officer_or_the_centre_answers(cast, at):
    street = cast.street["heping"]
    for shift in street.rostershift_set.all():
        actions.remove_roster_shift(by=SYSTEM, shift_id=shift.id)
    stamp = of(cast, "heping")
    holder = DutyBook().holder(stamp, on(2026, 3, 2, 22))
    assert holder.via == "duty" and cast.key_of(holder.account_id) in ("tao_ran", "jiang_xin")
    for key in ("tao_ran", "jiang_xin"):
        for post in cast.actor(key).posts:
            actions.end_post(by=SYSTEM, post_id=post.id)
    holder = DutyBook().holder(stamp, on(2026, 3, 2, 22))
    assert (cast.key_of(holder.account_id), holder.via) == ("yu_tao", "gap")
