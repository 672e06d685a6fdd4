"""What becomes of an order in the demo: a fate is a list of steps after its opening, each done by the action itself.

`after` is minutes on the wall (the answer's clock never stops), minutes of working time, or a share of the limit of
the order's kind.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from linli.demo import texts
from linli.demo.texts import Case
from linli.demo.town import Town
from linli.grid.models import Building
from linli.kernel.actors import Actor
from linli.kernel.errors import LinliError
from linli.kernel.roles import Role
from linli.orders import actions as orders
from linli.orders.actions import doubts
from linli.orders.models import Order, Voice
from linli.orders.states import OrderState, Rating

log = logging.getLogger("linli.demo")
WALL, WORK, LIMIT = "wall", "work", "limit"

# How often each fate comes in a deck of forty-two.
SHARES = {
    "good": 16, "silent": 5, "so_so": 3, "yellow": 3, "red": 2, "red_150": 1, "late": 2, "reopened": 2,
    "transferred": 2, "returned": 1, "not_reached": 1, "no": 1, "not_ours": 1, "void": 1, "corrected": 1,
}  # fmt: skip
# Answers per fate in minutes after opening; a good one comes within the hour.
ANSWERS = {"yellow": (99, 116), "red": (126, 172), "red_150": (186, 250)}


@dataclass(frozen=True, slots=True)
class Step:
    """`after` so much of `unit`, `verb` with `words`; `then` are steps counted from this one."""

    after: float
    unit: str
    verb: str
    words: str = ""
    then: tuple["Step", ...] = field(default=())


class Deck:
    """Fates in a shuffled order with their shares, so that a short past holds all of them too."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.cards: list[str] = []

    def draw(self) -> str:
        """The next fate."""
        if not self.cards:
            self.cards = [fate for fate, share in SHARES.items() for _ in range(share)]
            self.rng.shuffle(self.cards)
        return self.cards.pop()


def steps_of(fate: str, case: Case, rng: Random) -> list[Step]:
    """The life of an order with this fate, from its opening."""
    accept = Step(rng.uniform(2, 14), WALL, "accept")
    answer = Step(rng.uniform(*ANSWERS.get(fate, (12, 75))), WALL, "answer", case.answer)
    if fate == "void":
        return [accept, Step(30, WALL, "void", texts.VOID_WORDS)]
    if fate in ("no", "not_ours"):
        words = texts.NO_WORDS if fate == "no" else texts.NOT_OURS_WORDS
        return [accept, Step(rng.uniform(40, 100), WALL, f"handle_{fate}", words, (_rate(rng, "so_so"),))]
    if fate == "stuck":
        return [accept, answer, Step(90, WORK, "note", texts.NOTE_WORDS)]
    if fate == "waiting":
        return []
    done = Step(case.minutes * rng.uniform(0.35, 0.85), WORK, "handle", case.result, tuple(_endings(fate, case, rng)))
    if fate == "late":
        done = Step(rng.uniform(1.1, 1.8), LIMIT, "handle", case.result, (_rate(rng, "satisfied"),))
    steps = [accept, answer]
    if fate == "transferred":
        steps.append(Step(rng.uniform(80, 110), WALL, "transfer", texts.TRANSFER_WORDS))
    if fate == "returned":
        steps.insert(1, Step(8, WALL, "return", texts.RETURN_WORDS))
    if fate == "corrected":
        steps.append(Step(85, WALL, "correct"))
    return [*steps, done]


def _rate(rng: Random, verb: str) -> Step:
    return Step(rng.uniform(20, 900), WALL, f"rate_{verb}")


def _endings(fate: str, case: Case, rng: Random) -> Iterator[Step]:
    """What the voices say of the result. Two rounds of 没解决 reopen, the third goes to the street's section."""
    if fate == "silent":
        return
    if fate in ("so_so", "not_reached"):
        yield _rate(rng, fate)
    elif fate == "reopened":
        yield _again(rng, case, 1, _rate(rng, "satisfied"))
    elif fate in ("reviewed", "in_review"):
        last = Step(300, WORK, "conclude", texts.FINAL_WORDS)
        end = Step(rng.uniform(40, 120), WALL, "rate_unsolved", then=() if fate == "in_review" else (last,))
        yield _again(rng, case, 2, end)
    elif rng.random() < 0.85:
        yield _rate(rng, "satisfied")


def _again(rng: Random, case: Case, rounds: int, end: Step) -> Step:
    """没解决, then answered and handled once more."""
    after = (_again(rng, case, rounds - 1, end),) if rounds > 1 else (end,)
    handle = Step(rng.uniform(90, 150), WORK, "handle", case.result, after)
    answer = Step(rng.uniform(15, 60), WALL, "answer", f"对不起，没有修到位。{case.answer}")
    return Step(rng.uniform(40, 200), WALL, "rate_unsolved", then=(answer, handle))


class Deeds:
    """Does the steps by the actions, as whoever is responsible at that moment."""

    def __init__(self, town: Town):
        self.town = town
        self.refused: list[tuple[str, str]] = []

    def do(self, order_id: UUID, step: Step) -> bool:
        """Do one step. False when the order has gone another way meanwhile, and the rest of this fate with it."""
        order = Order.objects.filter(id=order_id).first()
        actor = self.town.actor(order.responsible_id) if order else None
        if order is None or actor is None:
            return False
        try:
            self._act(actor, order, step)
        except LinliError as error:
            self.refused.append((step.verb, error.code))
            return False
        return True

    def _act(self, actor: Actor, order: Order, step: Step) -> None:
        verb, _, how = step.verb.partition("_")
        match verb:
            case "accept":
                if order.state == OrderState.ASSIGNED:
                    orders.accept_order(by=actor, order_id=order.id)
                if order.number[-1] in "02468" and doubts.of(order):
                    orders.correct_order(by=actor, order_id=order.id)  # 没错
            case "answer":
                orders.answer_order(by=actor, order_id=order.id, words=step.words)
            case "note":
                orders.note_order(by=actor, order_id=order.id, words=step.words)
            case "handle":
                orders.handle_order(by=actor, order_id=order.id, words=step.words, ending=how or "done")
            case "transfer":
                to = self._repairer(order, actor)
                orders.transfer_order(by=actor, order_id=order.id, to=to, words=step.words)
            case "return":
                orders.return_order(by=actor, order_id=order.id, words=step.words)
            case "correct":
                # What is put right is also what is learned, so it must be right.
                if order.kind == "noise":
                    orders.correct_order(by=actor, order_id=order.id, kind="dispute", category="culture")
                else:
                    orders.correct_order(by=actor, order_id=order.id, building_id=order.building_id, unit="1单元")
            case "void":
                orders.void_order(by=self.town.head(order.community_id), order_id=order.id, words=step.words)
            case "conclude":
                orders.conclude_review(by=actor, order_id=order.id, words=step.words)
            case "rate":
                self._rate(actor, order, Rating(how))

    def _rate(self, actor: Actor, order: Order, rating: Rating) -> None:
        """The first voice says it; the others mostly agree, and one who is content with less says nothing."""
        voices = list(order.voices.filter(state=Voice.ACTIVE, rating=Rating.UNRATED).order_by("id"))
        for voice in voices[:1] if rating is Rating.UNSOLVED else voices:
            speaker = self.town.actor(voice.account_id)
            if rating is Rating.NOT_REACHED or speaker is None:
                how = rating if rating is not Rating.SATISFIED or speaker else Rating.SATISFIED
                orders.rate_order(by=actor, order_id=order.id, voice_id=voice.id, rating=how, how="phone")
            else:
                orders.rate_order(by=speaker, order_id=order.id, voice_id=voice.id, rating=rating)

    def _repairer(self, order: Order, but: Actor) -> UUID:
        """The property company of the building or community; where there is none, the head."""
        has_company = Building.objects.filter(community_id=order.community_id).exclude(property_org=None).exists()
        for account in self.town.cast.account.values():
            actor = self.town.actor(account.id)
            if has_company and actor and actor.id != but.id and any(
                p.role == Role.PROPERTY and p.community_id == order.community_id for p in actor.posts
            ):  # fmt: skip
                return account.id
        head = self.town.head(order.community_id).id
        assert head is not None
        return head
