"""Who answers for a place at a minute (architecture.md §5, orders.md "Two clocks and a roster").

In the workers' duty hours: the grid's worker, else her stand-in, else another worker of the community, else its head.
Outside: the community's or the street's duty officer by roster, else any duty officer of the street, else the centre.
`via` says which; "gap" means that the roster had nobody and the centre got it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.calendars import selectors as calendars
from linli.calendars.worktime import WorkTime
from linli.grid import selectors
from linli.grid.atlas import DUTY, PLACES, kept, posts
from linli.grid.models import Absence, Area, Post, RosterShift
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.roles import Role
from linli.ledger import stamps

OFFICE_CALENDAR = "hours"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers, and by which rule: worker, stand_in, colleague, head, roster, duty, gap."""

    account_id: UUID | None
    via: str


class DutyBook:
    """Posts, absences, rosters and areas of one day, read once and asked as often as one likes. `book()` gives today's."""

    def __init__(self) -> None:
        self._posts: dict[tuple[str, UUID | None], list[UUID]] = defaultdict(list)
        self._rows: dict[tuple[str, UUID | None], list[Post]] = defaultdict(list)
        self._of_org: dict[tuple[str, UUID], list[UUID]] = defaultdict(list)
        known = posts()
        self._active = known.active
        for post in known.rows:
            if post.account_id in known.active and selectors.in_force(post):
                self._posts[(post.role, post.area_id)].append(post.account_id)
                self._rows[(post.role, post.area_id)].append(post)
                if post.org_id:
                    self._of_org[(post.role, post.org_id)].append(post.account_id)
        self._serving = {i for ids in self._posts.values() for i in ids}
        office = {i for (role, _), ids in self._posts.items() if role != Role.DUTY_OFFICER for i in ids}
        self._roster_only = {i for (role, _), ids in self._posts.items() if role == Role.DUTY_OFFICER for i in ids} - office
        self._absences = defaultdict(list)
        for row in Absence.objects.filter(ends_at__gte=clock.now() - timedelta(days=2)):
            self._absences[row.account_id].append(row)
        self._shifts: dict[UUID, list[RosterShift]] = defaultdict(list)
        for shift in RosterShift.objects.order_by("id"):
            if shift.account_id in known.active:
                self._shifts[shift.area_id].append(shift)
        self._office: dict[UUID, WorkTime] = {}
        self._grids = defaultdict(list)
        for a in selectors.areas(Area.GRID):
            if a.community_id:
                self._grids[a.community_id].append(a.id)

    def with_role(self, role: Role, area_id: UUID | None) -> list[UUID]:
        """Accounts with a post of this role at exactly this area."""
        return self._posts.get((role, area_id), [])

    def nearest(self, role: Role, stamp: Stamp, at: datetime, line: str = "") -> list[UUID]:
        """Who has the role nearest to the place (grid, community, street, district), there or by a stand-in. Of several,
        those of the line; somebody of no line in particular does for every line."""
        areas: list[UUID | None] = [i for i in (stamp.grid_id, stamp.community_id, stamp.street_id) if i]
        districts = [a.id for a in selectors.areas(Area.DISTRICT)]
        for area_id in (*areas, *districts, None):
            rows = self._rows.get((role, area_id), [])
            fit = [p for p in rows if p.line == line] or [p for p in rows if not p.line] if line else rows
            if fit:
                return self._present([p.account_id for p in fit], at)
        return []

    def lines_at(self, role: Role, stamp: Stamp) -> list[str]:
        """The lines of duty that posts of this role name at the place, in its grid, community, street or district."""
        areas: set[UUID | None] = {stamp.grid_id, stamp.community_id, stamp.street_id, None}
        areas |= {a.id for a in selectors.areas(Area.DISTRICT)}
        return sorted({p.line for (kind, area), rows in self._rows.items() if kind == role and area in areas for p in rows if p.line})

    def has_line(self, account_id: UUID, line: str) -> bool:
        """Has this person a post of exactly this line of duty?"""
        return any(p.account_id == account_id and p.line == line for rows in self._rows.values() for p in rows)

    def of_organisation(self, role: Role, org_id: UUID, at: datetime) -> list[UUID]:
        """Who has the role in an organisation, there or by a stand-in."""
        people = self._of_org.get((role, org_id), [])
        return self._present(people, at) if people else []

    def workers_of(self, stamp: Stamp) -> list[UUID]:
        """The community's grid workers, each once."""
        areas = [*self._grids[stamp.community_id], stamp.community_id]
        return list(dict.fromkeys(i for a in areas for i in self.with_role(Role.GRID_WORKER, a)))

    def is_away(self, account_id: UUID, at: datetime) -> bool:
        """On leave, or not in use any more?"""
        return self.has_left(account_id) or self.absent(account_id, at) is not None

    def has_left(self, account_id: UUID) -> bool:
        """A stopped account, or one without any post in force."""
        return account_id not in self._serving

    def heads(self, stamp: Stamp) -> list[UUID]:
        """The community's heads (their stand-ins while they are on leave), or the centre where there is none."""
        return self._present(self.with_role(Role.COMMUNITY_HEAD, stamp.community_id) or self.centre(), clock.now())

    def street(self, stamp: Stamp) -> list[UUID]:
        """Whom the last step of a ladder tells: the street's leaders or their stand-ins, or the centre."""
        return self._present(self.with_role(Role.STREET_LEADER, stamp.street_id) or self.centre(), clock.now())

    def centre(self) -> list[UUID]:
        """The cloud-platform centre, at whatever area its posts stand."""
        return [i for (role, _), ids in self._posts.items() if role == Role.CENTRE for i in ids]

    def stand_in(self, account_id: UUID, at: datetime) -> UUID | None:
        """The person herself, her stand-in while she is on leave, or None when that one is away as well."""
        if account_id not in self._active:
            return None
        away = self.absent(account_id, at)
        if away is None:
            return account_id
        there = away.stand_in_id in self._active and not self.absent(away.stand_in_id, at)
        return away.stand_in_id if there else None

    def _present(self, account_ids: list[UUID], at: datetime) -> list[UUID]:
        """These people or their stand-ins; all of them when nobody is there, since somebody has to be told."""
        here = [i for i in (self.stand_in(a, at) for a in account_ids) if i]
        return list(dict.fromkeys(here)) or account_ids

    def absent(self, account_id: UUID, at: datetime) -> Absence | None:
        """The leave that covers the moment, or None."""
        return next((a for a in self._absences[account_id] if a.starts_at <= at < a.ends_at), None)

    def in_hours(self, area_id: UUID, at: datetime) -> bool:
        """Do the workers of a community (or street) have duty at that moment?"""
        if area_id not in self._office:
            self._office[area_id] = calendars.get_calendar(OFFICE_CALENDAR, selectors.calendar_codes(area_id))
        return self._office[area_id].is_open(at)

    def on_roster(self, area_id: UUID | None, at: datetime) -> UUID | None:
        """The account on an area's roster at that moment; a row for a date goes before the weekly pattern."""
        here = clock.local(at)
        found: UUID | None = None
        for shift in self._shifts.get(area_id, ()) if area_id else ():
            if self.absent(shift.account_id, at):
                continue
            for day in (here.date(), here.date() - timedelta(days=1)):
                if shift.day != day if shift.day else shift.weekday != day.weekday():
                    continue
                starts = datetime.combine(day, shift.starts, clock.LOCAL)
                until = day if shift.ends > shift.starts else day + timedelta(days=1)
                if starts <= here < datetime.combine(until, shift.ends, clock.LOCAL):
                    if shift.day:
                        return shift.account_id
                    found = found or shift.account_id
        return found

    def worker(self, stamp: Stamp, at: datetime) -> Holder:
        """The worker of the place, whether or not it is her hour: grid worker, stand-in, colleague, head."""
        mine = self.with_role(Role.GRID_WORKER, stamp.grid_id) if stamp.grid_id else []
        for account_id in mine:
            if not self.absent(account_id, at):
                return Holder(account_id, "worker")
        for account_id in mine:
            if there := self.stand_in(account_id, at):
                return Holder(there, "stand_in")
        others = [a for g in self._grids[stamp.community_id] for a in self.with_role(Role.GRID_WORKER, g)]
        others += self.with_role(Role.GRID_WORKER, stamp.community_id)
        for account_id in others:
            if not self.absent(account_id, at):
                return Holder(account_id, "colleague")
        for account_id in self.with_role(Role.COMMUNITY_HEAD, stamp.community_id):
            if there := self.stand_in(account_id, at):
                return Holder(there, "head")
        return self._last_resort(stamp, at)

    def _last_resort(self, stamp: Stamp, at: datetime) -> Holder:
        """Nobody is on duty: the centre, else whoever leads the place, so that each matter is in somebody's hands."""
        leaders = self.with_role(Role.COMMUNITY_HEAD, stamp.community_id) or self.with_role(Role.STREET_LEADER, stamp.street_id)
        people = self._present(self.centre() or leaders, at)
        return Holder(people[0] if people else None, "gap")

    def rosters_of(self, account_id: UUID, at: datetime) -> set[UUID]:
        """The areas for which this person is on the roster at that moment and outside office hours."""
        areas = {a for a, shifts in self._shifts.items() if any(s.account_id == account_id for s in shifts)}
        return {a for a in areas if self.on_roster(a, at) == account_id and not self.in_hours(a, at)}

    def holder(self, stamp: Stamp, at: datetime) -> Holder:
        """Who answers at that minute."""
        if self.in_hours(stamp.community_id, at):
            return self.worker(stamp, at)
        for area_id in (stamp.community_id, stamp.street_id):
            account_id = self.on_roster(area_id, at)
            if account_id:
                return Holder(account_id, "roster")
        for account_id in self.with_role(Role.DUTY_OFFICER, stamp.street_id):
            if not self.absent(account_id, at):
                return Holder(account_id, "duty")
        return self._last_resort(stamp, at)

    def on_duty(self, account_id: UUID, stamp: Stamp, at: datetime) -> bool:
        """Is it this person's own duty time at the place: office hours (but of who serves by the roster alone) and not on
        leave, or on the roster now? Whoever has left the service is on duty nowhere."""
        if account_id not in self._active or self.absent(account_id, at):
            return False
        if self.in_hours(stamp.community_id, at):
            return account_id not in self._roster_only
        return account_id in (self.on_roster(stamp.community_id, at), self.on_roster(stamp.street_id, at))

    def holder_of(self, responsible_id: UUID | None, stamp: Stamp, at: datetime) -> Holder:
        """Whose minute it is for an order in somebody's hands: hers in her duty time, else the roster's."""
        if responsible_id and self.on_duty(responsible_id, stamp, at):
            return Holder(responsible_id, "responsible")
        return self.holder(stamp, at)


def book() -> DutyBook:
    """The duty book of this day, as posts, leave, rosters and working time are now; kept in this process."""
    stamp = f"{stamps.current(DUTY)} {stamps.current(PLACES)} {calendars.version()} {clock.today()}"
    found: DutyBook = kept("duty", stamp, DutyBook)
    return found
