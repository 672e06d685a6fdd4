"""The form's rows as the templates draw them: every choice with its options, every mistake beside its field."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from linli.calendars import selectors as calendars
from linli.kernel.roles import LABELS, Role
from linli.standards.flow import (
    ACTS,
    ASSESS,
    BY_PEOPLE,
    CLAIM,
    END,
    ENDINGS,
    FINDER,
    FROM,
    NEEDS,
    RATE,
    TYPES,
    UNTIL,
    WHO,
    WHOM,
)
from linli.standards.form import BY_KIND, SIZES, Values
from linli.standards.kinds import CATEGORIES
from linli.standards.problems import Problem

PERCENTS = [(50, "用掉一半时"), (80, "用到 80% 时"), (95, "用到 95% 时"), (100, "到时"), (150, "超过一半时（150%）"), (200, "超过一倍时（200%）"), (300, "超过两倍时（300%）")]
SIZE_WORDS = {1440: "天", 60: "小时", 1: "分钟"}
OPENERS = [r for r in Role if r not in (Role.RESIDENT, Role.PARTY_MEMBER, Role.ADMIN_SYSTEM, Role.ADMIN_SECURITY, Role.ADMIN_AUDIT)]
FINDERS = {"staff": "社工自查", "property": "物业主查", "resident": "居民协查", "supervision": "社区督查", "sensor": "感知发现"}
Options = Iterable[tuple[Any, str]]


def units() -> list[tuple[str, str]]:
    """What an amount may be counted in: a size and a calendar in one choice."""
    found = []
    for c in calendars.list_calendars():
        if not c.area_code:
            found += [(f"{c.code}/{size}", "个工作日" if c.kind == "days" and c.code == "days" else f"{'天' if c.kind == 'days' else SIZE_WORDS[size]}（{c.name}）") for size in SIZES[c.kind]]
    return found


class Form:
    """Values and problems, ready to be drawn."""

    def __init__(self, values: Values, problems: Iterable[Problem]):
        self.values = values
        self.units = units()
        self.wrongs: dict[tuple[str, str], list[str]] = defaultdict(list)
        for p in problems:
            self.wrongs[p.where, p.field].append(p.text)
        self.steps = [(c, self.one(f"s-{c}-label") or "（没有名字）") for c in self.many("step")]
        self.slots: list[tuple[str, list[str]]] = []

    def one(self, key: str) -> str:
        return next(iter(self.values.get(key, ())), "")

    def many(self, key: str) -> list[str]:
        return self.values.get(key, [])

    def wrong(self, where: str, field: str) -> dict[str, Any]:
        """A place for what is wrong with a field; it has an id, so that it can be filled in later."""
        slot = f"wrong-{where or 'all'}-{field or 'head'}".replace(":", "-")
        texts = self.wrongs.pop((where, field), [])
        self.slots.append((slot, texts))
        return {"id": slot, "texts": texts}

    def select(self, key: str, label: str, options: Options, blank: str = "") -> dict[str, Any]:
        value = self.one(key)
        rows = [(str(v), text) for v, text in options]
        if blank:
            rows.insert(0, ("", blank))
        if value not in [v for v, _ in rows]:
            rows.append((value, value or "请选"))
        return {"name": key, "label": label, "value": value, "options": rows}

    def text(self, key: str, label: str) -> dict[str, Any]:
        return {"name": key, "label": label, "value": self.one(key)}

    def tick(self, key: str, label: str) -> dict[str, Any]:
        return {"name": key, "label": label, "on": bool(self.one(key))}

    def ticks(self, key: str, options: Options) -> list[dict[str, Any]]:
        have = set(self.many(key))
        return [{"name": key, "value": str(v), "label": text, "on": str(v) in have} for v, text in options]

    def context(self) -> dict[str, Any]:
        """Everything that the form's template needs."""
        rows = [self.step(n, c) for n, c in enumerate(self.many("step"), 1)]
        limits = [self.whole(c) for c in self.many("limit")]
        moments = [(f"step:{c}", label) for c, label in self.steps]
        scored = [("reopen", "重办")] + [(f"late:{c}", f"“{label}”超时") for c, label in self.steps] + [
            (f"late:{c}", f"“{self.one(f'l-{c}-label')}”超时") for c in self.many("limit")
        ] + [(f"outcome:{c}:{o}", f"“{label}”选了“{self.one(f's-{c}-o-{o}-label')}”") for c, label in self.steps for o in self.many(f"s-{c}-out")]
        context = {
            "rows": rows, "limits": limits, "moments": moments,
            "name": self.text("name", "叫什么"), "name_wrong": self.wrong("", "name"),
            "own_kind": "kind-category" in self.values,
            "category": self.select("kind-category", "算进哪一类民情", CATEGORIES), "kind_wrong": self.wrong("", "kind"),
            "clause": self.text("clause", "依据的条款"),
            "first": self.select("first", "从哪一步开始", self.steps), "first_wrong": self.wrong("", "first"),
            "again": [
                self.select("again-to", "说没解决的，回到", self.steps, "（没有重办）"), self.text("again-most", "最多重办几次"),
                self.select("again-then", "再不行，转到", self.steps, "（没有）"),
            ], "again_wrong": self.wrong("", "again"),
            "open_by": self.ticks("open-by", [(r, LABELS[r]) for r in OPENERS]),
            "way": self.select("way", "算哪种发现方式", FINDERS.items(), "看是谁发现的"),
            "confidential": self.tick("confidential", "涉密：不公开细节，只有书记、综治中心、街道领导和办的人看得到"),
            "scores_on": self.tick("scores-on", "开始记分"), "scores_wrong": self.wrong("", "scores"),
            "scores": [
                {"n": n, "on": self.select(f"score-{n}-on", "什么时候记", scored), "points": self.text(f"score-{n}-points", "几分"),
                 "clause": self.text(f"score-{n}-clause", "条款"),
                 "to": self.select(f"score-{n}-to", "记给谁", [("", "这个地方"), (FINDER, "发现它的居民")])}
                for n in self.many("score")
            ],
            "entries": [
                {"n": n, "role": self.select(f"entry-{n}-role", "谁发起", [(r, LABELS[r]) for r in OPENERS]),
                 "step": self.select(f"entry-{n}-step", "从哪一步开始", self.steps)}
                for n in self.many("entry")
            ],
        }  # fmt: skip
        # What belongs to no drawn field is said at the head, so that nothing is silent.
        rest = [text for texts in self.wrongs.values() for text in texts]
        self.slots.append(("wrong-rest", rest))
        return context | {"rest": {"id": "wrong-rest", "texts": rest}, "slots": self.slots}

    def step(self, n: int, code: str) -> dict[str, Any]:
        at = f"s-{code}"
        type_ = self.one(f"{at}-type")
        broken = any(where == code for where, _ in self.wrongs)
        plain = sum(self.one(f"s-{c}-type") in (*BY_PEOPLE, CLAIM) for c in self.many("step")) <= 5
        usual = type_ in (CLAIM, "task", ASSESS, "wait") and plain
        row: dict[str, Any] = {
            "n": n, "code": code, "type": type_, "type_label": TYPES.get(type_, ""), "name": self.one(f"{at}-label"),
            "open": usual or broken or not self.one(f"{at}-label"),
            "label": self.text(f"{at}-label", "这一步叫什么"),
            "types": self.select(f"{at}-type", "是哪种步骤", TYPES.items()), "clause": self.text(f"{at}-clause", "依据的条款"),
            "head_wrong": self.wrong(code, ""), "label_wrong": self.wrong(code, "label"), "type_wrong": self.wrong(code, "type"),
            "people": type_ in BY_PEOPLE, "timed": type_ not in (RATE, END),
        }  # fmt: skip
        if type_ in BY_PEOPLE:
            row |= {"who": self.select(f"{at}-who", "谁来办", WHO.items()), "who_wrong": self.wrong(code, "who"),
                    "pauses": self.tick(f"{at}-pauses", "到这一步，别的时限都停着")}  # fmt: skip
            row["said"] = WHO.get(self.one(f"{at}-who"), "")
        if type_ == CLAIM:
            row |= {"roles": self.ticks(f"{at}-roles", [(r, LABELS[r]) for r in OPENERS]), "roles_wrong": self.wrong(code, "roles"),
                    "cap": self.text(f"{at}-cap", "一个人手上最多领几件（不限就空着）")}  # fmt: skip
        if type_ == RATE:
            row |= {"days": self.text(f"{at}-days", "几天内评价"), "days_wrong": self.wrong(code, "days")}
        if type_ == END:
            return row | {"ending": self.select(f"{at}-ending", "怎样结束", ENDINGS.items(), "照前一步说的"), "outs_wrong": self.wrong(code, "outcomes")}
        if type_ == ASSESS:
            row |= {"matrix": [[self.select(f"{at}-m{i}{j}", f"{HOW_GRAVE[i]}、{HOW_HARD[j]}", LEVELS, "–") for j in range(3)] for i in range(3)],
                    "matrix_wrong": self.wrong(code, "matrix")}  # fmt: skip
        if type_ != RATE:
            row |= self.limit(at, code, code)
        outs = self.many(f"{at}-out")
        row |= {"outs": [self.outcome(code, o) for o in outs], "outs_wrong": self.wrong(code, "outcomes")}
        return row

    def limit(self, at: str, where: str, code: str) -> dict[str, Any]:
        outs = [(o, self.one(f"s-{code}-o-{o}-label")) for o in self.many(f"s-{code}-out")]
        return {
            "at": at, "amount": self.text(f"{at}-amount", "时限"), "unit": self.select(f"{at}-unit", "单位和日历", [*self.units, (BY_KIND, "按这类事的办结时限")]),
            "limit_wrong": self.wrong(where, "limit"), "ladder_wrong": self.wrong(where, "ladder"),
            "limit_clause": self.text(f"{at}-limit-clause", "时限依据的条款"),
            "rungs": [
                {"n": n, "percent": self.select(f"{at}-r{n}-percent", "什么时候", PERCENTS),
                 "whom": self.select(f"{at}-r{n}-whom", "告诉谁", WHOM.items()), "act": self.select(f"{at}-r{n}-act", "做什么", ACTS.items()),
                 "outcome": self.select(f"{at}-r{n}-outcome", "自动走哪个去向", outs, "请选"), "passes": self.one(f"{at}-r{n}-act") == "pass"}
                for n in self.many(f"{at}-rung")
            ],
        }  # fmt: skip

    def outcome(self, step: str, code: str) -> dict[str, Any]:
        at = f"s-{step}-o-{code}"
        return {
            "code": code, "label": self.text(f"{at}-label", "叫什么"), "to": self.select(f"{at}-to", "到哪一步", self.steps, "请选"),
            "wrong": self.wrong(step, f"out:{code}"), "needs": self.ticks(f"{at}-needs", NEEDS.items()),
            "ending": self.select(f"{at}-ending", "算哪种结果", [(k, v) for k, v in ENDINGS.items() if k != "void"], "还不是结果"),
            "told": self.tick(f"{at}-told", "写的话给反映人看"), "result": self.tick(f"{at}-result", "到这里就算办结"),
            "second": self.tick(f"{at}-second", "要另一位同志确认"), "children": self.tick(f"{at}-children", "协办的都答复了才能选"),
            "shows": self.tick(f"{at}-shows", "从此在留言板公开"),
            "within": self.text(f"{at}-within", "进入这一步后多久之内才能选（不限就空着）"), "within_unit": self.select(f"{at}-within-unit", "单位和日历", self.units),
        }  # fmt: skip

    def whole(self, code: str) -> dict[str, Any]:
        at = f"l-{code}"
        moments = [(f"step:{c}", f"进入“{label}”") for c, label in self.steps]
        leaving = [(f"step:{c}", f"办完“{label}”") for c, label in self.steps]
        return {
            "code": code, "label": self.text(f"{at}-label", "这个时限叫什么"), "label_wrong": self.wrong(code, "label"),
            "starts": self.select(f"{at}-starts", "从什么时候算", [*FROM.items(), *moments]),
            "until": self.select(f"{at}-until", "算到什么时候", [*UNTIL.items(), *leaving]),
            "when_wrong": self.wrong(code, "when"), "head_wrong": self.wrong(code, ""), **self.limit(at, code, code),
        }  # fmt: skip


HOW_GRAVE = ("一般", "较重较急", "很重很急")
HOW_HARD = ("好办", "较难", "很难")
LEVELS = [("1", "一级"), ("2", "二级"), ("3", "三级")]
