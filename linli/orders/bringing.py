"""What a colleague may bring to the desk, in plain words: each procedure that a person opens and that has no page of its own.
Who may open it where is the procedure's `open_by`, asked by `access.may_open`; a street's own procedures join by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel.actors import Actor
from linli.kernel.roles import Role
from linli.standards import selectors as standards
from linli.standards.flow import CLAIM, TASK, Flow, Outcome, Step

#: their pages ask for more than this one (a picture, a number of the hotline), or are the residents' own
OWN_PAGES = frozenset({"golden_eye", "deputies", "hotline", "message_board"})
#: whose matters somebody else waits for: she may be named, and hears
FOR_SOMEBODY = frozenset({"repair", "correction", "item"})
#: the kind that a procedure's matters always have; others are what the words say, or what is chosen
KINDS = {
    "repair": "repair", "correction": "data", "emergency": "event", "bad_opinion": "opinion", "sensor": "alarm", "item": "item",
}  # fmt: skip
#: findings: what turns out sensitive, or against our own people, leaves the pool for its own road
FINDINGS = frozenset({"pool", "patrol"})
URGENT = frozenset({"emergency"})
#: what one reads on the card and above the form: (label, lead, example); a procedure without is shown by its name
WORDS = {
    "patrol": ("巡查看到的", "能当场解决的，解决了记一笔；解决不了的，上报。", "比如：2单元楼道堆了纸箱，已经请住户搬走"),
    "pool": ("发现一个问题", "进流转中心，社区和科室来领办；24 小时没人领，由平台中心派。", "比如：书院巷口井盖松了，车压过去响"),
    "repair": ("请物业修", "直接到这栋楼的物业，时限从现在算起。", "比如：2单元三楼楼道顶上漏水。不要写是谁家、谁反映的"),
    "correction": ("资料有错，要更正", "谁家、哪一项和实际不一样，请能核实的同志去核实。", "比如：登记的是三口人，实际住五口"),
    "early_warning": ("矛盾、隐患要预警", "综治中心按两个方面研判，定预警级别。", "比如：两栋楼为车位起争执，有过推搡"),
    "emergency": ("突发事件", "先打 110、119、120，再报这里；值班的同志马上核实。", "比如：5号楼地下室进水，正往配电间漫"),
    "bad_opinion": ("群里的不良言论", "社区书记研判；该说明的说明，不该管的不管。", "比如：有人在群里传小区水有毒，没有依据"),
    "sensor": ("感知设备报警", "设备响了、屏上亮了，派人到场看一看。", "比如：消防主机报3号楼地下二层烟感"),
    "item": ("替居民办一件事", "前台核对材料，一次说清还缺什么。", "比如：申请高龄津贴，身份证和户口本带来了"),
    "joint": ("要几家一起办", "科室牵头，几家各有任务，都答复了再办结。", "比如：校门口放学拥堵，要城管、交警、学校一起"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bring:
    """One thing to bring. kind: fixed, "" where the words or the colleague say it. lines: the procedure leads to a worker
    of a line. own: ways out of its first step that are the finder's own, told at once."""

    code: str
    label: str
    lead: str
    example: str
    kind: str
    lines: bool
    own: tuple[Outcome, ...]

    @property
    def for_somebody(self) -> bool:
        """May somebody be named who waits for it?"""
        return self.code in FOR_SOMEBODY


def all_for(actor: Actor) -> list[Bring]:
    """What this colleague may bring, the most usual first."""
    if actor.kind != "worker":
        return []
    codes = [p.code for p in standards.procedures() if p.code not in OWN_PAGES]
    codes.sort(key=lambda c: list(WORDS).index(c) if c in WORDS else len(WORDS))
    found = [b for c in codes if actor.has_role(*openers(c)) and (b := bring(c, (p.role for p in actor.posts)))]
    # Whoever solves on the spot or reports does so on patrol: the pool would ask her the same.
    patrols = any(b.code == "patrol" for b in found)
    return [b for b in found if not (b.code == "pool" and b.own and patrols)]


def openers(procedure: str) -> frozenset[Role]:
    """The roles that open it; none where only the machine does, or where it cannot be read."""
    try:
        flow = standards.flow(procedure, standards.procedure(procedure).version)
    except standards.BrokenProcedure:
        return frozenset()
    return frozenset(Role(r) for r in flow.open_by if r in set(Role))


def bring(procedure: str, roles: Iterable[str]) -> Bring:
    """How a procedure looks to somebody with these roles. Raises BrokenProcedure."""
    found = standards.procedure(procedure)
    flow = standards.flow(procedure, found.version)
    label, lead, example = WORDS.get(procedure, (found.name, "", ""))
    own_kind = next((k.code for k in standards.kinds().values() if k.procedure == procedure), "")
    return Bring(
        procedure, label, lead, example, KINDS.get(procedure) or own_kind, _leads_to_line(flow), own_ways(flow, flow.step(flow.first_for(roles)))
    )


def own_ways(flow: Flow, step: Step) -> tuple[Outcome, ...]:
    """The ways out that whoever opens it chooses at once: where the first step is hers and asks for words at most."""
    if step.type != TASK or step.who != "opener":
        return ()
    return tuple(o for o in step.outcomes if o.needs <= {"words", "photo"} and not o.second)


def _leads_to_line(flow: Flow) -> bool:
    return any(s.who == "line" or (s.type == CLAIM and Role.LINE_WORKER in s.roles) for s in flow.steps.values())
