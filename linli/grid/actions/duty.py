"""Leave, stand-ins and rosters."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from linli.accounts.models import Account
from linli.grid import access
from linli.grid.actions.common import row_at
from linli.grid.models import Absence, Area, RosterShift
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.ledger.record import record


@transaction.atomic
def add_absence(
    *, by: Actor, account_id: UUID, starts_at: datetime, ends_at: datetime, stand_in_id: UUID | None = None
) -> Absence:
    """Leave of a colleague from `starts_at` until `ends_at` (aware), and who stands in.

    Raises BadInput for a wrong period or stand-in, Conflict when other leave overlaps, Forbidden.
    """
    area = access.home_area(account_id)
    access.ask(by, "add_absence", area)
    if starts_at.tzinfo is None or ends_at.tzinfo is None or ends_at <= starts_at:
        raise BadInput("请假的结束时间要在开始之后。", "bad_period")
    if stand_in_id is not None and (
        stand_in_id == account_id
        or not Account.objects.filter(id=stand_in_id, kind=Account.STAFF, is_active=True).exists()
    ):
        raise BadInput("请另选一位在岗的同事代班。", "bad_stand_in")
    for row in Absence.objects.filter(account_id=account_id, starts_at__lt=ends_at, ends_at__gt=starts_at):
        if (row.starts_at, row.ends_at, row.stand_in_id) == (starts_at, ends_at, stand_in_id):
            return row
        raise Conflict("这段时间已经有请假记录。", "absence_overlaps")
    absence = Absence.objects.create(
        account_id=account_id, starts_at=starts_at, ends_at=ends_at, stand_in_id=stand_in_id
    )
    facts = {
        "account": str(account_id), "stand_in": str(stand_in_id) if stand_in_id else None,
        "from": starts_at.isoformat(), "until": ends_at.isoformat(),
    }  # fmt: skip
    record(by, "grid.add_absence", row_at("absence", absence.id, area, facts))
    return absence


@transaction.atomic
def end_absence(*, by: Actor, absence_id: UUID, at: datetime | None = None) -> Absence:
    """The colleague is back from `at` (default now). Leave that is over stays as it is. Raises NotFound, Forbidden."""
    absence = Absence.objects.filter(id=absence_id).first()
    if absence is None:
        raise NotFound("没有找到这条请假记录。")
    area = access.home_area(absence.account_id)
    access.ask(by, "end_absence", area)
    end = max(at or clock.now(), absence.starts_at)
    if absence.ends_at > end:
        absence.ends_at = end
        absence.save(update_fields=["ends_at"])
        facts = {"account": str(absence.account_id), "until": end.isoformat()}
        record(by, "grid.end_absence", row_at("absence", absence.id, area, facts))
    return absence


@transaction.atomic
def set_roster_shift(
    *, by: Actor, area: Area, account_id: UUID, starts: time, ends: time,
    weekday: int | None = None, day: date | None = None,
) -> RosterShift:  # fmt: skip
    """Put an account on duty for a street or community: each `weekday` (0 = Monday) or on one `day`, from `starts` to
    `ends` (ends ≤ starts: past midnight). The same hours of the same day change hands.

    Raises BadInput for a wrong day, place or account, Forbidden.
    """
    access.ask(by, "set_roster_shift", area)
    if area.level not in (Area.STREET, Area.COMMUNITY):
        raise BadInput("值班表排在街道或社区。", "bad_area")
    if (weekday is None) == (day is None) or (weekday is not None and weekday not in range(7)):
        raise BadInput("请选星期几，或者选一个日子。", "bad_day")
    if not Account.objects.filter(id=account_id, kind=Account.STAFF, is_active=True).exists():
        raise BadInput("请选一位在岗的同事。", "bad_account")
    shift = RosterShift.objects.filter(area=area, weekday=weekday, day=day, starts=starts, ends=ends).first()
    if shift and shift.account_id == account_id:
        return shift
    if shift:
        shift.account_id = account_id
        shift.save(update_fields=["account_id"])
    else:
        shift = RosterShift.objects.create(
            area=area, account_id=account_id, weekday=weekday, day=day, starts=starts, ends=ends
        )
    facts = {
        "account": str(account_id), "weekday": weekday, "day": day.isoformat() if day else None,
        "from": starts.isoformat("minutes"), "until": ends.isoformat("minutes"),
    }  # fmt: skip
    record(by, "grid.set_roster_shift", row_at("roster_shift", shift.id, area, facts))
    return shift


@transaction.atomic
def remove_roster_shift(*, by: Actor, shift_id: UUID) -> None:
    """Take a shift off the roster; one that is gone already stays gone. Raises Forbidden."""
    shift = RosterShift.objects.select_related("area").filter(id=shift_id).first()
    if shift is None:
        return
    access.ask(by, "remove_roster_shift", shift.area)
    facts = {"account": str(shift.account_id), "weekday": shift.weekday}
    shift.delete()
    record(by, "grid.remove_roster_shift", row_at("roster_shift", shift_id, shift.area, facts))
