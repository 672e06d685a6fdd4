"""Who answers for a place at a minute: the worker in office hours, the roster outside, and never nobody."""

from datetime import date, datetime, time, timedelta

import pytest

from linli.accounts import actions as accounts
from linli.grid import actions
from linli.grid.duty import book as duty_book
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
    book = duty_book()
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
    holder = duty_book().holder(stamp, now)
    assert (holder.account_id, holder.via) == (li.id, "worker")
    actions.add_absence(
        by=SYSTEM, account_id=li.id, starts_at=now, ends_at=now + timedelta(hours=2), stand_in_id=wang.id
    )
    book = duty_book()
    assert (book.holder(stamp, now).account_id, book.holder(stamp, now).via) == (wang.id, "stand_in")
    assert book.holder(stamp, now + timedelta(hours=4)).account_id == li.id


def test_a_shift_of_one_day_goes_before_the_week(cast, at):
    street = cast.street["jinxiu"]
    night = on(2026, 3, 3, 21)
    usual = duty_book().on_roster(street.id, night)
    other = next(cast.account[k].id for k in ("hua_yu", "jin_qiang") if cast.account[k].id != usual)
    actions.set_roster_shift(
        by=SYSTEM, area=street, account_id=other, day=date(2026, 3, 3), starts=time(20), ends=time(8)
    )
    book = duty_book()
    assert book.on_roster(street.id, night) == other
    assert book.on_roster(street.id, night + timedelta(hours=10)) == other
    assert book.on_roster(street.id, night + timedelta(hours=12)) != other or usual == other


def test_when_the_roster_is_empty_an_officer_or_the_centre_answers(cast, at):
    street = cast.street["heping"]
    for shift in street.rostershift_set.all():
        actions.remove_roster_shift(by=SYSTEM, shift_id=shift.id)
    stamp = of(cast, "heping")
    holder = duty_book().holder(stamp, on(2026, 3, 2, 22))
    assert holder.via == "duty" and cast.key_of(holder.account_id) in ("tao_ran", "jiang_xin")
    for key in ("tao_ran", "jiang_xin"):
        for post in cast.actor(key).posts:
            actions.end_post(by=SYSTEM, post_id=post.id)
    holder = duty_book().holder(stamp, on(2026, 3, 2, 22))
    assert (cast.key_of(holder.account_id), holder.via) == ("yu_tao", "gap")


def away(cast, key, *, until, stand_in=None):
    actions.add_absence(
        by=SYSTEM, account_id=cast.account[key].id, starts_at=clock.now(), ends_at=until,
        stand_in_id=cast.account[stand_in].id if stand_in else None,
    )  # fmt: skip


def holder(cast, moment=None, grid="jinxiu1"):
    area = cast.grid[grid]
    found = duty_book().holder(Stamp(area.street_id, area.community_id, area.id), moment or clock.now())
    return cast.key_of(found.account_id), found.via


def test_worker_stand_in_colleague_head_and_who_stands_in_for_the_head(cast, at):
    until = clock.now() + timedelta(days=3)
    assert holder(cast) == ("li_min", "worker")
    away(cast, "li_min", until=until, stand_in="wang_fang")
    assert holder(cast) == ("wang_fang", "stand_in")
    away(cast, "wang_fang", until=until, stand_in="zhang_jie")
    assert holder(cast) == ("zhang_jie", "colleague")
    away(cast, "zhang_jie", until=until)
    assert holder(cast) == ("zhao_hui", "head")
    away(cast, "zhao_hui", until=until, stand_in="lu_jun" if "lu_jun" in cast.account else "qian_xiulan")
    key, via = holder(cast)
    assert via == "head" and key != "zhao_hui"
    assert cast.key_of(duty_book().heads(of(cast, "jinxiu"))[0]) == key


def test_a_head_without_a_stand_in_leaves_it_to_the_centre_and_is_still_told(cast, at):
    until = clock.now() + timedelta(days=3)
    for key in ("li_min", "wang_fang", "zhang_jie", "zhao_hui"):
        away(cast, key, until=until)
    assert holder(cast) == ("yu_tao", "gap")
    assert [cast.key_of(i) for i in duty_book().heads(of(cast, "jinxiu"))] == ["zhao_hui"]


def test_a_stand_in_who_has_left_the_service_does_not_stand_in(cast, at):
    away(cast, "li_min", until=clock.now() + timedelta(days=1), stand_in="wang_fang")
    accounts.change_account(by=SYSTEM, account_id=cast.account["wang_fang"].id, active=False)
    assert holder(cast) == ("zhang_jie", "colleague")


def test_leave_begins_and_ends_at_its_minute(cast, at):
    now = clock.now()
    actions.add_absence(
        by=SYSTEM, account_id=cast.account["li_min"].id, starts_at=now + timedelta(minutes=30),
        ends_at=now + timedelta(minutes=60), stand_in_id=cast.account["wang_fang"].id,
    )  # fmt: skip
    names = [holder(cast, now + timedelta(minutes=m))[0] for m in (0, 29, 30, 59, 60)]
    assert names == ["li_min", "li_min", "wang_fang", "wang_fang", "li_min"]


def test_the_roster_runs_over_midnight_and_hands_over_on_the_minute(cast, at):
    street = cast.street["jinxiu"]
    for shift in street.rostershift_set.all():
        actions.remove_roster_shift(by=SYSTEM, shift_id=shift.id)
    hua, jin = cast.account["hua_yu"].id, cast.account["jin_qiang"].id
    actions.set_roster_shift(by=SYSTEM, area=street, account_id=hua, weekday=0, starts=time(20), ends=time(8))
    actions.set_roster_shift(by=SYSTEM, area=street, account_id=jin, weekday=1, starts=time(0), ends=time(0))
    book = duty_book()
    who = {m: book.on_roster(street.id, on(2026, 3, *m)) for m in ((2, 19, 59), (2, 20, 0), (2, 23, 59), (3, 12, 0), (3, 23, 59), (4, 0, 0))}
    assert list(who.values()) == [None, hua, hua, jin, jin, None]
    assert book.on_roster(street.id, on(2026, 3, 3, 7, 59)) in (hua, jin)
    assert book.on_roster(street.id, on(2026, 3, 9, 21)) == hua, "each week again"


def test_an_officer_on_leave_is_not_on_the_roster(cast, at):
    street = cast.street["jinxiu"]
    night = on(2026, 3, 2, 22)
    usual = duty_book().on_roster(street.id, night)
    actions.add_absence(by=SYSTEM, account_id=usual, starts_at=night - timedelta(hours=1), ends_at=night + timedelta(hours=1))
    found = duty_book().holder(of(cast, "jinxiu"), night)
    assert found.account_id not in (None, usual) and found.via in ("roster", "duty")


@pytest.mark.parametrize("gone", [(), ("yu_tao",), ("yu_tao", "hua_yu", "jin_qiang"), ("yu_tao", "hua_yu", "jin_qiang", "li_min", "wang_fang", "zhang_jie")])
def test_whoever_is_missing_somebody_answers_in_every_minute_of_a_week(cast, at, gone):
    """Also in a district without a centre, and where all workers have left: the head, else the street's leader."""
    for key in gone:
        accounts.change_account(by=SYSTEM, account_id=cast.account[key].id, active=False)
    away(cast, "zhao_hui", until=on(2026, 3, 4, 12))
    book = duty_book()
    stamp = stamp_of_building(cast.building["jx3"], "")
    moment = on(2026, 3, 2)
    while moment < on(2026, 3, 9):
        found = book.holder(stamp, moment)
        assert found.account_id and cast.key_of(found.account_id) not in gone, moment
        moment += timedelta(minutes=7)


def test_whose_minute_it_is_for_an_order_in_somebody_s_hands(cast, at):
    li, stamp = cast.account["li_min"].id, stamp_of_building(cast.building["jx3"], "2单元")
    book = duty_book()
    assert book.holder_of(li, stamp, clock.now()).via == "responsible"
    night = book.holder_of(li, stamp, on(2026, 3, 2, 23))
    assert night.via == "roster" and night.account_id != li
    away(cast, "li_min", until=clock.now() + timedelta(hours=1), stand_in="wang_fang")
    assert duty_book().holder_of(li, stamp, clock.now()).via == "stand_in"
    assert duty_book().holder_of(None, stamp, clock.now()).account_id
