"""What the past holds besides the groups' words: the pool, golden eyes, repairs that wait for money, joint handling,
supervision, warnings, the message board, a deputy's opinion. Each is a story of moments, done by the actions as whoever has
the order at that moment; some are still open at the end, so that every page has something to show."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from linli.demo.town import Town
from linli.files.actions import store_upload
from linli.grid.selectors import Stamp, stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import LinliError
from linli.ledger import delivery
from linli.orders import actions as orders
from linli.orders.drafts import Draft
from linli.orders.models import Order, Request
from linli.orders.states import SUPERVISES

log = logging.getLogger("linli.demo")
Moments = Iterator[tuple[datetime, Callable[[], None]]]
#: (building, thing, kind, result) of what staff find and put into the pool
FINDS = (
    ("jx5", "井盖松动", "safety", "井盖换了新的，四周补了水泥，车压过去不响了。"),
    ("hp1", "路灯不亮", "repair", "三盏路灯的镇流器换好了，天黑后试过，都亮。"),
    ("ld7", "绿化带缺损", "sanitation", "缺的一段补种好了，围了绳子，请大家别踩。"),
    ("jx3", "消防通道堵塞", "safety", "通道清出来了，画了黄线，和两家车主都说好了。"),
    ("hw5", "墙皮脱落", "repair", "松动的墙皮敲掉重新抹了，脚手架后天拆。"),
    ("hp6", "垃圾桶破损", "sanitation", "换了两只新桶，位置往北挪了五米，不挡路。"),
)
CLEARED = "建筑垃圾已经清走，地面冲洗干净，装了一个提示牌。"


@dataclass(slots=True)
class Others:
    """The stories of one past; `moments()` gives what happens when."""

    town: Town
    first: date
    end: datetime
    picture: str = ""

    def moments(self) -> Moments:
        """Everything that is known beforehand."""
        days = (clock.local_day(self.end) - self.first).days
        for n, find in enumerate(FINDS):
            day = self.first + timedelta(days=1 + n * max(1, (days - 2) // len(FINDS)))
            yield from self._pooled(day, find, n)
        yield from self._eyes(days)
        yield from self._repairs(days)
        yield from self._joint(days)
        yield from self._warned(days)
        yield from self._board(days)
        yield from self._opinion(days)
        yield from self._still_open()

    # how a deed is done

    def _actor(self, key: str) -> Actor:
        found = self.town.actor(self.town.cast.account[key].id)
        assert found is not None
        return found

    def _at(self, building: str, unit: str = "") -> Stamp:
        return stamp_of_building(self.town.cast.building[building], unit)

    def _photo(self) -> list[str]:
        """One small picture for the whole past."""
        if not self.picture:
            out = BytesIO()
            image = Image.new("RGB", (640, 420), "#c9d6cf")
            ImageDraw.Draw(image).rectangle((180, 200, 460, 360), fill="#8a7a66")
            image.save(out, "JPEG")
            out.seek(0)
            self.picture = str(store_upload(self._actor("li_min"), out, kinds=("image",)).id)
        return [self.picture]

    def _pass(self, order_id: UUID | None, outcome: str, words: str = "", **given: object) -> None:
        """As whoever has it."""
        order = Order.objects.filter(id=order_id).first()
        actor = self.town.actor(order.responsible_id) if order else None
        if order is None or actor is None or not order.is_open:
            return
        try:
            orders.pass_step(by=actor, order_id=order.id, outcome=outcome, given=orders.Given(words=words, **given))  # type: ignore[arg-type]
        except LinliError as error:
            log.info("demo: %s %s: %s", order.procedure, outcome, error.code)
            return
        delivery.deliver_all()

    # stories

    def _pooled(self, day: date, find: tuple[str, str, str, str], number: int) -> Moments:
        """Found on patrol, claimed by one of the community, or dispatched after a day, then done."""
        building, thing, kind, result = find
        made: dict[str, UUID] = {}
        finder = {"jx": "zhang_jie", "hp": "jiang_bo", "ld": "he_tao", "hw": "feng_lei"}[building[:2]]

        def upload() -> None:
            draft = Draft(kind=kind, thing=thing, stamp=self._at(building), procedure="pool")
            made["id"] = orders.open_order(by=self._actor(finder), draft=draft).id

        def claim() -> None:
            if Order.objects.get(id=made["id"]).state == "pooled":
                orders.claim_order(by=self._actor(finder), order_id=made["id"])

        yield _local(day, 9, 20 + number), upload
        if number % 3 != 2:
            yield _local(day, 11, 5 + number), claim
        yield _local(day + timedelta(days=2), 16, 10), lambda: self._pass(made.get("id"), "done", result)

    def _eyes(self, days: int) -> Moments:
        """A red vest reports; the community verifies and clears; once it disputes and the street decides."""
        for n, (share, where) in enumerate(((0.2, "1号楼后面空地"), (0.6, "书院巷拐角"))):
            day = self.first + timedelta(days=int(days * share))
            made: dict[str, UUID] = {}
            yield _local(day, 8, 40), lambda m=made, w=where: self._report(m, w)
            yield _local(day, 10, 15), lambda m=made: self._claim(m, "wei_na")
            if n:
                yield _local(day, 15, 0), lambda m=made: self._pass(m.get("id"), "dispute", "去看过，是业主临时放的搬家纸箱，当晚就拉走了。")
                yield _local(day + timedelta(days=1), 10, 0), lambda m=made: self._pass(m.get("id"), "untrue", "核对了照片和时间，属于临时堆放，不作为死角处理。")
            else:
                yield _local(day, 15, 0), lambda m=made: self._pass(m.get("id"), "true", "到场看过，属实。", blobs=self._photo())
                yield _local(day + timedelta(days=1), 9, 30), lambda m=made: self._pass(m.get("id"), "done", CLEARED, blobs=self._photo())

    def _report(self, made: dict[str, UUID], where: str) -> None:
        area = self.town.cast.community["heping"]
        stamp = Stamp(area.street_id, area.id, None, None, "", where)  # type: ignore[arg-type]
        made["id"] = orders.report_find(
            by=self._actor("he_feng"), stamp=stamp, kind="sanitation", words=f"{where}堆了不少建筑垃圾，没人管", blobs=self._photo()
        ).id

    def _claim(self, made: dict[str, UUID], key: str) -> None:
        if "id" in made and Order.objects.get(id=made["id"]).state == "pooled":
            orders.claim_order(by=self._actor(key), order_id=made["id"])

    def _repairs(self, days: int) -> Moments:
        """The company sends a pipe back; it waits for the fund, until after the end."""
        day = self.first + timedelta(days=max(1, int(days * 0.5)))
        made: dict[str, UUID] = {}

        def ask() -> None:
            draft = Draft(kind="repair", thing="下水立管", stamp=self._at("jx3", "3单元"), procedure="repair")
            made["id"] = orders.open_order(by=self._actor("zhao_hui"), draft=draft).id

        yield _local(day, 9, 10), ask
        yield _local(day, 14, 0), lambda: self._pass(made.get("id"), "fund", "整根立管锈穿，超出保修合同，附报价单。", blobs=self._photo())
        yield _local(day, 16, 30), lambda: self._pass(
            made.get("id"), "fund", "这根立管要用维修资金，已经报上去；批下来就修，先用接头止漏。", until=self.end + timedelta(days=25)
        )

    def _joint(self, days: int) -> Moments:
        """The street leads, two help; when both have answered it is closed. On another one the leader asks why it drags."""
        day = self.first + timedelta(days=max(1, int(days * 0.35)))
        made: dict[str, UUID] = {}

        def begin() -> None:
            leader = self._actor("yan_hui")
            draft = Draft(kind="parking", thing="校门口拥堵", stamp=self._at("hp3"), procedure="joint", opener_id=leader.id)
            made["id"] = orders.open_order(by=SYSTEM, draft=draft).id
            to = [self.town.cast.account[k].id for k in ("luo_cheng", "jiang_bo")]
            tasks = [orders.Task(to[0], "放学时段派人疏导，清理占道摊位", 3), orders.Task(to[1], "和学校、家长群说好错峰接送", 3)]
            orders.open_children(by=self._actor("miao_kai"), order_id=made["id"], tasks=tasks)

        def answer() -> None:
            for child in Order.objects.filter(parent_id=made.get("id"), relation="child").order_by("id"):
                self._pass(child.id, "done", "已经连着两天到场，情况好转，后面每天安排人。")

        yield _local(day, 9, 30), begin
        yield _local(day + timedelta(days=1), 16, 0), answer
        yield _local(day + timedelta(days=1), 17, 0), lambda: self._pass(made.get("id"), "done", "错峰接送和疏导都落实了，校门口不再堵车。")

    def _warned(self, days: int) -> Moments:
        """A quarrel in a grid is assessed, handled on its level, inspected."""
        day = self.first + timedelta(days=max(1, int(days * 0.4)))
        made: dict[str, UUID] = {}

        def begin() -> None:
            draft = Draft(kind="dispute", thing="停车纠纷", stamp=self._at("jx5"), procedure="early_warning")
            made["id"] = orders.open_order(by=self._actor("wang_fang"), draft=draft).id

        yield _local(day, 9, 0), begin
        yield _local(day, 10, 30), lambda: self._pass(made.get("id"), "", "两栋楼为车位起争执，有过推搡，情绪还稳。", seriousness=2, difficulty=2)
        yield _local(day + timedelta(days=1), 15, 0), lambda: self._pass(made.get("id"), "done", "两边坐下来谈了，划了临时车位，都签了字。")

    def _board(self, days: int) -> Moments:
        """Two neighbours write on the board; one is answered for all to read."""
        day = self.first + timedelta(days=max(1, int(days * 0.3)))
        rows: list[UUID] = []

        def write(key: str, words: str) -> None:
            area = self.town.cast.community["jinxiu"]
            stamp = Stamp(area.street_id, area.id, None, None, "", area.name)  # type: ignore[arg-type]
            rows.append(orders.leave_message(by=self._actor(key), stamp=stamp, words=words, blobs=[]).id)

        yield _local(day, 8, 30), lambda: write("gao", "东门晚上九点就关，上夜班的孩子回不来，能不能晚一点？")
        yield _local(day, 9, 30), lambda: self._pass(rows[0], "show")
        yield _local(day, 15, 30), lambda: self._pass(rows[0], "public", "和物业说好了，东门从明天起开到晚上十一点半，再晚请刷卡。")
        late = _day_of(self.end)
        yield _local(late, 8, 20), lambda: write("lin", "健身角有两件器材松了，老人用着不安全，能不能修一修？")
        yield _local(late, 9, 40), lambda: self._pass(rows[-1], "show")

    def _opinion(self, days: int) -> Moments:
        """A deputy takes up what several asked for; the section has accepted it."""
        day = self.first + timedelta(days=max(1, int(days * 0.25)))
        made: dict[str, UUID] = {}
        to = self.town.cast.account["xie_lin"].id

        def begin() -> None:
            words = "多位居民提出，锦绣路站台离路口太近，早高峰上下车不安全，建议往西挪三十米。"
            made["id"] = orders.raise_opinion(by=self._actor("bao_hua"), stamp=self._at("jx3"), thing="公交站台位置", words=words).id

        yield _local(day, 9, 45), begin
        yield _local(day, 16, 0), lambda: self._pass(made.get("id"), "assign", "请社会事务科承办，三个月内答复。", person=to)
        yield _local(day + timedelta(days=1), 10, 0), lambda: self._pass(made.get("id"), "accept", "受理，已约公交公司看现场。")

    def _still_open(self) -> Moments:
        """Near the end: two in the pool, a report nobody has claimed yet, a supervision and a request that wait."""
        for back, (building, thing, kind) in ((200, ("jx5", "单元门闭门器坏", "repair")), (75, ("hp1", "树枝挡灯", "safety"))):
            finder = "zhang_jie" if building == "jx5" else "jiang_bo"
            yield self.end - timedelta(minutes=back), lambda b=building, t=thing, k=kind, f=finder: orders.open_order(
                by=self._actor(f), draft=Draft(kind=k, thing=t, stamp=self._at(b), procedure="pool")
            )
        yield self.end - timedelta(minutes=50), lambda: self._report({}, "槐荫菜场后墙")
        yield self.end - timedelta(minutes=40), self._ask_for_time
        yield self.end - timedelta(minutes=30), self._supervise

    def _ask_for_time(self) -> None:
        """Somebody who has answered needs more time, and waits for a second person's yes."""
        rows = Order.objects.filter(is_open=True, waits_answer=False, procedure="group_appeal", state="working").order_by("solve_due_at", "id")
        for order in rows:
            running = order.clocks.filter(name="solve", state="running").first()
            actor = self.town.actor(order.responsible_id)
            if running and actor and not Request.objects.filter(order_id=order.id).exists():
                orders.request_extension(by=actor, order_id=order.id, clock_name="solve", amount=running.amount // 2, words="配件要从外地发来，后天才能到。")
                return

    def _supervise(self) -> None:
        """The leader asks about what is worst."""
        for key in ("cao_wei", "yan_hui"):
            leader = self._actor(key)
            street = next(p.street_id for p in leader.posts)
            rows = Order.objects.filter(street_id=street, is_open=True, confidential=False).exclude(relation=SUPERVISES)
            order = rows.filter(light="red").order_by("due_at", "id").first() or rows.order_by("due_at", "id").first()
            if order:
                orders.supervise_order(by=leader, order_id=order.id, words="拖得有点久了，卡在哪里，今天能不能有个说法？", days=1)


def _day_of(at: datetime) -> date:
    return clock.local_day(at)


def _local(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.LOCAL)
