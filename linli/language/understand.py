"""One message understood: the model's guess, what cue words say plainly, and the facts in it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linli.language import signals
from linli.language.danger import beaten_at_home, wants_to_die
from linli.language.filing import FAULTS, categories_of, kind_of, main_thing, sensitive_kind
from linli.language.labels import INTENTS
from linli.language.lexicon import Found, lexicon
from linli.language.model import Model
from linli.language.places import NOWHERE, Gazetteer, Place, find_place
from linli.language.text import WORDLIKE, readable
from linli.language.topics import topics
from linli.language.versions import model
from linli.language.words import content_tokens, cut

_PLAIN_TALK = re.compile(
    r"^(?:好的?|行|可以|收到|谢谢(?:你|您|大家|小栖|啦|了)?|多谢|感谢|辛苦(?:了|啦)?|早(?:上好|安)?|晚安|[早中下晚]午?好|大家[早好]|嗯+|哦+|噢+|啊+|哈+|呵+|嘿+|嘻+|ok|okay|yes|no|1+|6+|\+1|没事|不客气|不用谢|再见|拜拜|明白(?:了)?|知道了?|了解|赞|顶|是的?|对的?|没有|有|不是|好呀|好滴|好嘞|新年好|节日快乐|生日快乐|hello|hi|你好|您好|在吗|在的?|[\s,。!?~、.…]|\[[\u4e00-\u9fffA-Za-z]{1,6}\])+$"
)
_SPLIT = re.compile(
    r"\n|[;。!?]|(?:,|^)?(?:另外|还有就是|还有一?[个件]?事?|再就是|再有|其次|顺便|第[二三四]|同时|此外|[2-5二三四][、.)](?!\d))"
)
_STICKER = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")


SELDOM = -0.5
"""Log-odds of what is rare among real messages and frequent among the examples, where no plain word speaks for it."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message means. Codes as in data/taxonomy.json; `urgency` 0 normal, 1 urgent, 2 emergency."""

    intent: str
    confidence: float
    probs: dict[str, float]
    kind: str = ""
    category: str = ""
    urgency: int = 0
    place: Place = NOWHERE
    thing: str = ""
    when: str = ""
    phones: tuple[str, ...] = ()
    follow_up: bool = False
    rating: str = ""
    asks_machine: bool = False
    command: str = ""
    addressed: bool = False
    leave_alone: str = ""
    parts: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    kind_confidence: float = 0.0
    category_confidence: float = 0.0
    wants_to_die: bool = False
    """Somebody speaks of dying or of hurting herself: to be answered in private and by a person, at once."""
    categories: tuple[str, ...] = ()
    """All categories, likeliest first; the first is `category` where the message has one."""


_NOTHING = Understanding("small_talk", 1.0, {i: float(i == "small_talk") for i in INTENTS})


def understand(text: str, gazetteer: Gazetteer | None = None) -> Understanding:
    """What `text` means in a group that knows `gazetteer`. Never raises on any text; ModelMissing without a model."""
    return understand_many([text], gazetteer)[0]


def understand_many(
    texts: Sequence[str], gazetteers: Sequence[Gazetteer | None] | Gazetteer | None = None, using: Model | None = None
) -> list[Understanding]:
    """As `understand`, for a batch: one pass for all. `gazetteers` is one for all or one for each text; `using` another
    model than the one in use."""
    if not texts:
        return []
    if gazetteers is None or isinstance(gazetteers, Gazetteer):
        known: Sequence[Gazetteer | None] = [gazetteers] * len(texts)
    else:
        known = gazetteers
    if len(known) != len(texts):
        raise ValueError(f"{len(texts)} texts, {len(known)} gazetteers")
    clean = [readable(t) for t in texts]
    find = lexicon().find
    found = [find(t.lower()) for t in clean]
    words = [cut(t) for t in clean]
    used = using or model()
    guess, labels = used.predict(clean, words, [tags for _, tags in found]), used.labels
    about = topics()
    guess["category"] = guess["category"] + about.log_odds([t.lower() for t in clean])[
        :, [about.categories.index(c) for c in labels["category"]]
    ]
    return [
        _judge(clean[i], words[i], known[i], found[i][0], {h: guess[h][i] for h in guess}, labels)
        if clean[i]
        else _NOTHING
        for i in range(len(texts))
    ]


def _judge(
    text: str,
    words: list[str],
    gazetteer: Gazetteer | None,
    found: Found,
    guess: dict[str, np.ndarray],
    labels: dict[str, tuple[str, ...]],
) -> Understanding:
    low = text.lower()
    addressed = bool(signals.NAME.search(text))
    command = signals.find_command(text) if addressed else ""
    asks_machine = ("人" in text or "机" in text or "ai" in low) and bool(signals.MACHINE.search(text))
    score = dict(zip(labels["intent"], guess["intent"].tolist(), strict=True))
    bare = _STICKER.sub("", text)
    if command or not WORDLIKE.search(bare) or (len(text) <= 20 and _PLAIN_TALK.match(low)):
        _weigh(score, small_talk=8.0)
        intent, confidence, probs = _decide(score)
        return Understanding(
            intent,
            confidence,
            probs,
            rating=signals.find_rating(text),
            asks_machine=asks_machine,
            command=command,
            addressed=addressed,
            leave_alone=signals.find_silence(text),
        )

    place = find_place(text, gazetteer)
    sensitive = sensitive_kind(text, found)
    calm = bool(signals.NOT_NOW.search(text))
    fire = not calm and bool(signals.FIRE.search(text))
    urgent = not calm and bool(signals.URGENT.search(text))
    call = not asks_machine and len(text) <= 40 and bool(signals.CALL.search(text))
    follow = bool(signals.BARE_FOLLOW.match(text)) or (
        bool(found.things or place or signals.REPORTED.search(text)) and bool(signals.FOLLOW.search(text)) and "paper" not in found.cues
    )
    rating = "" if follow else signals.find_rating(text)
    dying = wants_to_die(text)
    if dying:
        _weigh(score, emergency=12.0)
    elif fire:
        _weigh(score, emergency=7.0)
    elif "emergency" in score:
        _weigh(score, emergency=-4.0 if urgent or signals.STOVE.search(text) else SELDOM)
    if sensitive and not fire:
        _weigh(score, sensitive=9.0 if sensitive == "abuse" and beaten_at_home(text) else 5.0)
    elif not found.sensitive:
        _weigh(score, sensitive=SELDOM)
    if call:
        _weigh(score, call_person=6.0)
    else:
        _weigh(score, call_person=0.0 if "person" in found.cues else 3 * SELDOM)
    if asks_machine:
        _weigh(score, small_talk=8.0, call_person=-4.0)
    if follow:
        _weigh(score, appeal=4.0)
    trouble = found.cues & {"broken", "foul", "loud"} or any(name in FAULTS for _, name in found.things)
    elsewhere = bool(signals.ELSEWHERE.search(text))
    if elsewhere and not follow and not urgent and rating != "unsolved":
        _weigh(score, appeal=-1.5)
    elif trouble and found.things and not found.cues & {"social", "ask"}:
        _weigh(score, appeal=2.0 if place else 1.2)
    if not elsewhere and signals.PLAIN.search(text):
        _weigh(score, appeal=2.5)
    if found.things and signals.WISH.search(text):
        _weigh(score, appeal=1.5)
    if urgent and found.things:
        _weigh(score, appeal=2.0)
    if rating == "unsolved":
        _weigh(score, appeal=2.5)
    elif rating and not found.cues & {"broken", "foul", "demand"}:
        _weigh(score, small_talk=3.0)

    intent, confidence, probs = _decide(score)
    thing = main_thing(text, found)
    kind, kind_confidence = kind_of(intent, thing, sensitive, guess["kind"], labels["kind"])
    categories, category_confidence = categories_of(
        intent, kind, thing, len(text), guess["category"], labels["category"]
    )
    urgency = (
        2
        if intent == "emergency"
        else 1
        if urgent and intent in ("appeal", "sensitive", "call_person")
        else 0
    )
    return Understanding(
        intent=intent,
        confidence=confidence,
        probs=probs,
        kind=kind,
        category=categories[0] if kind else "",
        urgency=urgency,
        place=place,
        thing=thing,
        when=signals.find_when(text),
        phones=signals.find_phones(text),
        follow_up=follow and intent == "appeal",
        rating=rating,
        asks_machine=asks_machine,
        addressed=addressed,
        leave_alone="" if intent in ("emergency", "call_person") else signals.find_silence(text),
        parts=_parts(text) if len(text) > 12 and intent in ("appeal", "sensitive") else (),
        tokens=content_tokens(words),
        kind_confidence=kind_confidence,
        category_confidence=category_confidence if kind else 0.0,
        wants_to_die=dying,
        categories=categories,
    )


def _weigh(score: dict[str, float], **bonus: float) -> None:
    for intent, amount in bonus.items():
        score[intent] = score.get(intent, -10.0) + amount


def _decide(score: dict[str, float]) -> tuple[str, float, dict[str, float]]:
    """(intent, its probability, all probabilities) of log-odds."""
    top = max(score.values())
    weights = {intent: math.exp(score[intent] - top) if intent in score else 0.0 for intent in INTENTS}
    total = sum(weights.values())
    probs = {intent: weight / total for intent, weight in weights.items()}
    intent = max(probs, key=probs.__getitem__)
    return intent, probs[intent], probs


def _parts(text: str) -> tuple[str, ...]:
    pieces = [p.strip(" ,、:;。!?\n") for p in _SPLIT.split(text)]
    kept: list[tuple[str, str]] = []
    for piece in pieces:
        if len(piece) < 4:
            continue
        found, _ = lexicon().find(piece.lower())
        thing = main_thing(piece, found)
        if (
            thing
            and found.cues & {"broken", "foul", "loud", "demand", "hurtful"}
            and all(thing != t for t, _ in kept)
        ):
            kept.append((thing, piece))
        elif kept:
            kept[-1] = (kept[-1][0], f"{kept[-1][1]},{piece}")
    return tuple(p for _, p in kept) if len(kept) > 1 else ()
