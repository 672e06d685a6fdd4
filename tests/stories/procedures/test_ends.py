"""Every procedure is walked to each of its ends by the named cast; what the data knows and no story tells is a failure."""

import pytest

from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.actions.clocking import flow_of
from linli.orders.models import Clock, Word
from linli.standards.flow import END, RATE
from linli.standards.procedures import PROCEDURES
from tests.stories.procedures.driver import Walk, flow
from tests.stories.procedures.ways import STORIES

pytestmark = pytest.mark.django_db
CODES = [code for code, *_ in PROCEDURES]
LINES = [(code, line, end) for code, ways in STORIES.items() for line, end in ways.items()]


def edges(code: str) -> set[str]:
    """Every way out of every step; the voices' own are those of the rating."""
    found = flow(code)
    return {f"{s.code}:{o.code}" for s in found.steps.values() if s.type not in (END, RATE) for o in s.outcomes}


@pytest.mark.parametrize("code", CODES)
def test_no_way_of_the_data_is_without_a_story(code):
    told = {move.rstrip("!") for line in STORIES[code] for move in line.split()}
    assert edges(code) <= told, f"{code}: write a story that takes {sorted(edges(code) - told)}"
    assert {m for m in told if not m.startswith("rate:")} <= edges(code)
    ends = {s.code for s in flow(code).steps.values() if s.type == END}
    assert {end.partition("/")[0] for end in STORIES[code].values()} == ends, f"{code}: an end that no story reaches"
    if any(s.type == RATE for s in flow(code).steps.values()):
        assert {"rate:yes", "rate:no", "rate:silent"} <= told | ({"rate:silent"} if code == "item" else set())


@pytest.mark.parametrize("code", CODES)
def test_every_limit_that_acts_by_itself_is_let_act(code):
    """What the clock does without anybody (dispatch, pass) happens in a story, marked by `!`."""
    acting = {
        f"{x.code}:{r.outcome or flow(code).steps[x.code].outcomes[0].code}!"
        for x in flow(code).limits.values() for r in x.ladder if r.act in ("dispatch", "pass")
    }  # fmt: skip
    assert acting <= {move for line in STORIES[code] for move in line.split()}


@pytest.mark.parametrize(("code", "line", "end"), LINES, ids=[f"{c}: {x}" for c, x, _ in LINES])
def test_a_story_is_walked_to_its_end(cast, at, code, line, end):
    walk = Walk(cast, at, code, line)
    wanted = flow(code)
    for move in line.split():
        step = flow_of(walk.order).step(walk.order.step)
        name = walk.here.get(step.who)
        if name and step.type != "claim" and step.who not in ("claimer", "place"):
            assert cast.key_of(walk.order.responsible_id) == name, f"{step.code} is {step.who}'s"
        walk.move(move)
    assert walk.end == end
    assert walk.order.clause == next(c for p, _, c, _ in PROCEDURES if p == code), "it cites its clause"
    # Each move stands in the history under its own name, with the step it led to.
    verbs = list(Event.objects.filter(subject_id=walk.order.id).order_by("id").values_list("verb", flat=True))
    assert verbs[0] == "orders.open_orders"
    told = {s.code: {o.code: o for o in s.outcomes} for s in wanted.steps.values()}
    wants_words = [m for m in walk.seen if (o := told[m.partition(":")[0]].get(m.partition(":")[2])) and o.told]
    public = Word.objects.filter(order_id=walk.order.id, public=True).count()
    if walk.order.voice_count:
        assert public >= len([m for m in wants_words if f"{m}!" not in line.split()]), "what is told is there to be read"


@pytest.mark.parametrize("code", ["group_appeal", "pool", "golden_eye", "repair", "deputies", "hotline", "message_board", "joint"])
def test_twice_reopened_then_another_body_and_a_final_letter(cast, at, code):
    line = next(x for x, end in STORIES[code].items() if end == "reviewed/reviewed")
    walk = Walk(cast, at, code, line)
    before = line.removesuffix(" review:final")
    walk.go(before)
    order = walk.order
    assert (order.state, order.reopened) == ("review", 2)
    had = {e.facts.get("to") for e in Event.objects.filter(subject_id=order.id).exclude(verb="orders.send_to_review")}
    if code != "joint":  # the section that led is followed by the street's leader
        assert str(order.responsible_id) not in had, "never by those who had it"
    walk.go("review:final")
    assert not Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).exists()
    voice = order.voices.first()
    with pytest.raises(Exception, match="最终答复"):
        actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=voice.id, rating="unsolved")
