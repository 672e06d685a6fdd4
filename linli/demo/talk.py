"""Who says what on a day of the demo: small talk, questions, appeals, a sensitive word now and then."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from linli.demo import texts
from linli.demo.places import BUILDINGS, GROUPS
from linli.demo.texts import CASES, Case
from linli.demo.town import Town
from linli.kernel import clock
from linli.knowledge.models import Entry
from linli.knowledge.telling import told

#: weight of each hour of the day in which groups talk
HOURS = (0, 0, 0, 0, 0, 1, 3, 7, 11, 12, 12, 9, 5, 6, 9, 10, 10, 8, 8, 8, 7, 4, 1, 1)
NOTHING = Case(("",), "", "")
ROUTINE = "您问的这件事我查过了：{}"


@dataclass(slots=True)
class Said:
    """One word: sort talk, question, appeal or sensitive; `case` is how it would go if it becomes an order."""

    sort: str
    group: str
    speaker: str
    text: str
    case: Case = NOTHING
    more: bool = False
    hint: dict = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def _moment(rng: Random, day: date) -> datetime:
    hour = rng.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), clock.LOCAL)


def day(town: Town, rng: Random, on: date, number: int) -> Iterator[tuple[datetime, Said]]:
    """The words of one day: 25 to 40 of them; the cases go round, so that each comes within ten days."""
    for _ in range(rng.randint(19, 27)):
        yield _moment(rng, on), small_talk(town, rng)
    for _ in range(rng.randint(2, 4)):
        yield _moment(rng, on), question(town, rng)
    cases = [CASES[(number * 5 + n * 7) % len(CASES)] for n in range(rng.randint(4, 5))]
    for case in cases:
        yield _moment(rng, on), appeal(town, rng, case)
    if number % 3 == 1:
        kind = list(texts.SENSITIVE)[number // 3 % len(texts.SENSITIVE)]
        yield _moment(rng, on), sensitive(town, rng, kind)
    if number % 6 == 2:
        yield _moment(rng, on), _wants_a_person(town, rng)
    if number % 4 == 3:
        at = datetime.combine(on, time(rng.randint(9, 11), rng.randrange(60)), clock.LOCAL)
        yield at, _through_another_door(town, rng, number)


def _group(town: Town, rng: Random) -> str:
    return rng.choice(town.groups)


def small_talk(town: Town, rng: Random, group: str = "") -> Said:
    """A word that wants nothing."""
    group = group or _group(town, rng)
    speaker = town.speaker(group)
    text = town.fill(rng.choice(texts.TALK), town.places_of(group, speaker))
    return Said("talk", group, speaker, text)


def question(town: Town, rng: Random, group: str = "") -> Said:
    """Two of three are in the knowledge base; the others are for a person."""
    group = group or _group(town, rng)
    if rng.random() < 0.68:
        entries = list(Entry.objects.filter(state=Entry.IN_FORCE).order_by("code").values_list("question", "wordings", "answer"))
        if entries:
            asked, wordings, answer = rng.choice(entries)
            words = rng.choice([asked, *wordings])
            return Said("question", group, town.speaker(group), words, _answering(told(answer, {})))
    words, answer = rng.choice(texts.UNKNOWN)
    return Said("question", group, town.speaker(group), words, Case((words,), answer, answer, minutes=60))


def _answering(answer: str) -> Case:
    """A known question whose wording 小栖 did not recognise: a person says the same in her own voice."""
    words = ROUTINE.format(answer)
    return Case(("",), words, words, minutes=60)


def appeal(town: Town, rng: Random, case: Case, group: str = "") -> Said:
    """Somebody says what is wrong, where it is."""
    group = group or _group(town, rng)
    if group.startswith("hw") and "电梯" in case.words[0]:
        group = rng.choice([g for g in town.groups if not g.startswith("hw")])
    speaker = town.speaker(group)
    at = town.places_of(group, speaker)
    text = town.fill(rng.choice(case.words), at)
    hint = {"door": "relay"} if GROUPS[group][3] == "relay" else {}
    return Said("appeal", group, speaker, text, case, rng.random() < (0.75 if case.more else 0.3), hint, at)


def second(town: Town, said: Said, rng: Random) -> Said:
    """A neighbour says the same thing in other words."""
    speaker = town.speaker(said.group, but=said.speaker)
    text = town.fill(rng.choice(said.case.more or said.case.words), said.places)
    return Said("second", said.group, speaker, text, said.case, False, said.hint, said.places)


def sensitive(town: Town, rng: Random, kind: str, group: str = "") -> Said:
    """A word that must not be repeated in the group."""
    group = group or _group(town, rng)
    case = texts.SENSITIVE[kind]
    return Said("sensitive", group, town.speaker(group), rng.choice(case.words), case)


def _wants_a_person(town: Town, rng: Random) -> Said:
    group = _group(town, rng)
    answer = "我是社区的社工，刚给您回了电话，您说的事今天下午三点上门看，到时再跟您说怎么办。"
    return Said("person", group, town.speaker(group), rng.choice(texts.PEOPLE_WANTED), Case(("",), answer, answer, minutes=90))


def _through_another_door(town: Town, rng: Random, number: int) -> Said:
    """A code in the lift, the counter and the telephone lead to the same intake."""
    door = ("qr", "phone", "counter", "report")[number // 4 % 4]
    group = rng.choice([g for g in town.groups if GROUPS[g][2] and not g.startswith("hw")])
    said = appeal(town, rng, rng.choice(CASES[:6]), group)
    said.hint = {"door": door}
    building = GROUPS[group][2]
    if door == "qr" and building:
        said.hint |= {"building": str(town.cast.building[building].id), "unit": "1单元"}
    if door in ("phone", "counter") and building in BUILDINGS:
        home = next(k for k in town.cast.home if k.startswith(f"{building}-"))
        said.speaker, said.hint["home"] = "", str(town.cast.home[home].id)
    return said


def unanswered(town: Town) -> list[Said]:
    """What stands open at the end, one for each light; fixed, so that no two of them are the same matter."""
    rng = Random(1)  # noqa: S311 - a story
    wanted = (
        ("jx", CASES[18]), ("hp6", CASES[1]), ("ld7", CASES[0]), ("hw", CASES[31]), ("jx5", CASES[5]),
        ("hp1", CASES[3]),
    )  # fmt: skip
    return [appeal(town, rng, case, group) for group, case in wanted]
