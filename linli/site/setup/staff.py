"""People, posts, groups, roster and stand-ins of the file: checked against the places, then written."""

from dataclasses import dataclass, field
from datetime import date
from functools import partial

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.grid import actions as grid
from linli.grid.access import POST_AT
from linli.grid.models import Area, Post
from linli.grid.selectors import Stamp, stamp_of_building
from linli.groups import actions as groups
from linli.groups.models import Group, Member
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import LABELS, Role
from linli.site.setup import values
from linli.site.setup.places import SHEET_OF, Place, Places, Skip
from linli.site.setup.reading import Book, Line, lines


@dataclass(eq=False)
class Someone:
    """A colleague of the file or of the database."""

    account: Account | None = None
    called: str = ""
    line: Line | None = None


@dataclass
class Staff:
    """Everybody by log-in name. `notes`: what differs from the file and was left as it is."""

    book: Book
    places: Places
    people: dict[str, Someone] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seen: dict[tuple[object, ...], int] = field(default_factory=dict)

    def load(self) -> None:
        """Write people first, then what refers to them."""
        there = {a.login: a for a in Account.objects.filter(kind=Account.STAFF)}
        self.people = {login: Someone(account, account.name) for login, account in there.items()}
        for sheet, write in (
            ("人员", self._person), ("岗位", self._post), ("群", self._group), ("值班", self._shift),
            ("替班", self._absence),
        ):  # fmt: skip
            for line, complete in lines(self.book, sheet):
                try:
                    if not complete:
                        raise Skip
                    write(line)
                except Skip:
                    if sheet == "人员":
                        self.people.setdefault(values.plain(line["登录名"]).lower(), Someone(line=line))

    def _once(self, line: Line, *key: object) -> None:
        """Tell a row that says the same as one above. Raises Skip."""
        first = self.seen.setdefault((line.sheet, *key), line.number)
        if first != line.number:
            self.book.wrong(line, f"和第 {first} 行重复了。")
            raise Skip

    def _who(self, line: Line, heading: str, text: str | None = None) -> Account:
        """The colleague of a log-in name. Raises Skip."""
        login = values.plain(line[heading] if text is None else text).lower()
        found = self.people.get(login)
        if found is None:
            if "人员" not in self.book.unreadable:
                self.book.wrong(line, f"“人员”表里没有登录名“{login}”。")
            raise Skip
        if found.account is None:
            raise Skip
        return found.account

    def _person(self, line: Line) -> None:
        login = self.places.attempt(line, lambda: values.login(line["登录名"]))
        self._once(line, login)
        there = self.people.get(login)

        def write() -> Account:
            name, phone = values.short(line["姓名"], 32, "姓名"), values.phone(line["手机"])
            values.short(line["称呼"], 16, "称呼")
            if there and there.account:
                if (there.account.name, there.account.phone) != (name, phone):
                    self.notes.append(
                        f"“人员”表第 {line.number} 行：{login} 已有账号，姓名或手机与表中不同，没有改动；要改请到工作台。"
                    )
                return there.account
            return accounts.add_account(by=SYSTEM, kind=Account.STAFF, login=login, name=name, phone=phone)

        account = self.places.attempt(line, write)
        self.people[login] = Someone(account, line["称呼"] or account.name, line)

    def _post(self, line: Line) -> None:
        role = self.places.attempt(line, lambda: values.role(line["岗位"]))
        account = self._who(line, "登录名")
        place = self.places.reach(line, ("街道", "社区", "网格"))
        level = place.level if place else Area.DISTRICT
        if level not in POST_AT.get(role, (level,)):
            wanted = "或".join("全区（地方不填）" if a == Area.DISTRICT else SHEET_OF[a] for a in POST_AT[role])
            self.book.wrong(line, f"{LABELS[role]}要设在{wanted}，不然派不到活。")
            raise Skip
        org = self.places.organisation(line, "单位", place)
        starts = self.places.attempt(line, lambda: values.day_or_none(line["开始"]))
        ends = self.places.attempt(line, lambda: values.day_or_none(line["结束"]))
        area = place.area if place else None
        self._once(line, account.id, role, area and area.id, org and org.id, line["条线"], starts, ends)
        if not _held(account, role, area, line["条线"], starts, ends):
            self.places.attempt(line, lambda: grid.add_post(
                by=SYSTEM, account_id=account.id, role=role, area=area, org=org, line=line["条线"],
                title=LABELS[role], starts=starts, ends=ends,
            ))  # fmt: skip

    def _group(self, line: Line) -> None:
        community = self.places.find(line, "社区")
        self._once(line, community, line["群名"])
        relay = self.places.attempt(line, lambda: values.relay(line["方式"]))
        stamp = self._stamp(line, community)
        owners = [self._who(line, "群主", n) for n in values.names(line["群主"])]
        others = [self._who(line, "成员", n) for n in values.names(line["成员"])]

        def write() -> None:
            name = values.short(line["群名"], 64, "群名")
            group = Group.objects.filter(community_id=stamp.community_id, name=name).first()
            group = group or groups.add_group(
                by=SYSTEM, name=name, stamp=stamp, channel=Group.RELAY if relay else Group.PAGE
            )
            for account in dict.fromkeys([*owners, *others]):
                ref = f"account:{account.id}"
                if not Member.objects.filter(group=group, sender_ref=ref).exists():
                    groups.add_member(
                        by=SYSTEM, group=group, sender_ref=ref, nickname=self.people[account.login].called,
                        account_id=account.id, role=Member.OWNER if account in owners else Member.MEMBER, staff=True,
                    )  # fmt: skip

        self.places.attempt(line, write)

    def _stamp(self, line: Line, community: Place) -> Stamp:
        if line["楼栋"] or line["小区"]:
            house = self.places.house(line, community)
            assert house.row is not None
            return stamp_of_building(house.row, values.unit(line["单元"]))
        area = community.area
        assert area is not None and area.street_id is not None
        return Stamp(area.street_id, area.id)

    def _shift(self, line: Line) -> None:
        place = self.places.reach(line, ("街道", "社区"))
        if place is None or place.area is None:
            self.book.wrong(line, "请填街道，或者社区。")
            raise Skip
        if bool(line["星期"]) == bool(line["日期"]):
            self.book.wrong(line, "“星期”和“日期”填一个，也只填一个。")
            raise Skip
        account = self._who(line, "登录名")
        attempt = self.places.attempt
        starts, ends = (
            attempt(line, lambda: values.hour(line["开始"])),
            attempt(line, lambda: values.hour(line["结束"])),
        )
        weekdays = attempt(line, lambda: values.weekdays(line["星期"])) if line["星期"] else [None]
        day = attempt(line, lambda: values.day_or_none(line["日期"]))
        for weekday in weekdays:
            self._once(line, place, weekday, day, starts, ends)
            work = partial(grid.set_roster_shift, by=SYSTEM, area=place.area, account_id=account.id)
            attempt(line, partial(work, weekday=weekday, day=day, starts=starts, ends=ends))

    def _absence(self, line: Line) -> None:
        account = self._who(line, "登录名")
        stand_in = self._who(line, "替班人") if line["替班人"] else None
        starts = self.places.attempt(line, lambda: values.moment(line["开始"]))
        ends = self.places.attempt(line, lambda: values.moment(line["结束"], end=True))
        self.places.attempt(line, lambda: grid.add_absence(
            by=SYSTEM, account_id=account.id, starts_at=starts, ends_at=ends,
            stand_in_id=stand_in.id if stand_in else None,
        ))  # fmt: skip


def _held(
    account: Account, role: Role, area: Area | None, line: str, starts: date | None, ends: date | None
) -> bool:
    """Is there such a post already, also one that has not begun or is over?"""
    same = Post.objects.filter(account_id=account.id, role=role.value, area=area, line=line)
    return same.filter(starts=starts, ends=ends).exists()
