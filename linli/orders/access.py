"""Who may see and do what with orders. One rule answers "this one?" and "which ones?" (architecture.md §1.6).

RIGHTS is role × verb; the reach of the post (grid, community, street, district) gives the area. A responsible person may
always work on her own order. A confidential order is seen only by CONFIDENTIAL roles, its responsible person and, while
it is their shift, whoever is on the roster of its place: a matter of life and limb at night needs somebody who may open it.
Residents see orders through their own voices only; a personal link (kind "link", id of one voice) through that voice.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.grid.duty import book as duty_book
from linli.kernel import clock, locks
from linli.kernel.actors import Actor, PostRef
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import NEVER_WORDS, Role
from linli.orders.models import Concerned, Order, Voice
from linli.orders.states import SUPERVISES, OrderState

R = Role
READ = frozenset({
    R.GRID_WORKER, R.LINE_WORKER, R.GRID_MANAGER, R.GRID_GUIDE, R.COMMUNITY_HEAD, R.DUTY_OFFICER, R.CENTRE,
    R.STABILITY_CENTRE, R.STREET_SECTION, R.STREET_LEADER, R.FRONT_DESK, R.DISTRICT_BODY,
})  # fmt: skip
WORK = frozenset({R.GRID_WORKER, R.COMMUNITY_HEAD, R.DUTY_OFFICER, R.CENTRE})
DIRECT = frozenset({R.COMMUNITY_HEAD, R.CENTRE, R.STREET_LEADER})
CONFIDENTIAL = frozenset({R.COMMUNITY_HEAD, R.STABILITY_CENTRE, R.STREET_LEADER})
#: a complaint of the community's own people is never in the hands of those complained of (投诉处理规范 6.1)
BEYOND = ("complaint",)
UPPER = frozenset({R.STREET_LEADER})
#: which departments' lines of duty a sensitive matter is told to besides the street (orders.md), the nearest one first; they
#: read it at their place, never who spoke
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "illegal_building": ("城管", "自然资源"), "pyramid_selling": ("市场监管", "公安"), "group_rental": ("住建", "公安"),
    "vice": ("公安",), "abuse": ("公安", "妇联"),
}  # fmt: skip
UPPER_HANDS = UPPER | {R.STREET_SECTION, R.DISTRICT_BODY}
REVIEWERS = frozenset({R.STREET_SECTION, R.STREET_LEADER})
WORDS = READ - {R.DISTRICT_BODY, R.GRID_GUIDE}
TAKE_IN = frozenset({R.GRID_WORKER, R.LINE_WORKER, R.FRONT_DESK, R.COMMUNITY_HEAD, R.DUTY_OFFICER, R.CENTRE})
ASSIGNEES = WORK | {R.LINE_WORKER, R.STREET_SECTION, R.DEPARTMENT, R.PROPERTY, R.STABILITY_CENTRE}

#: who may take a problem out of the pool, as far as the procedure names her role
CLAIMERS = frozenset({R.GRID_WORKER, R.LINE_WORKER, R.STREET_SECTION, R.COMMUNITY_HEAD})
#: who says yes or no to a pause, more time, an outcome that two must answer for
DECIDE = frozenset({R.COMMUNITY_HEAD, R.CENTRE, R.STREET_SECTION, R.STREET_LEADER, R.DISTRICT_BODY})
SUPERVISORS = frozenset({R.STREET_LEADER, R.STABILITY_CENTRE, R.DISTRICT_BODY, R.GRID_GUIDE, R.CENTRE})
#: steps that a community's head may do for those who have them; others decide about her
OPINIONS = "deputies"
WITHIN_COMMUNITY = frozenset({"place", "head", "manager", "line", "front_desk", "claimer", "opener", "same", "property"})
#: what many reach for at the same moment: who is late is told so instead of standing in a queue
CROWDED = frozenset({"claim_order"})
#: verbs with which a step ends
PASSING = frozenset({"handle_order", "pass_step", "conclude_review"})

#: what whoever spoke may do with the order
OF_VOICES = frozenset({"rate_order", "urge_order", "object_order"})
# "own" verbs: besides these roles the responsible person may do them.
OWN = frozenset({
    "accept_order", "note_order", "answer_order", "transfer_order", "return_order", "correct_order", "handle_order",
    "conclude_review", "pass_step", "raise_order", "request_pause", "request_extension", "resume_order",
    "name_concerned", "open_children", "open_repair",
})  # fmt: skip
RIGHTS: dict[str, frozenset[Role]] = {
    "read": READ,
    "open_orders": TAKE_IN,
    "accept_order": frozenset(),
    "note_order": WORK | {R.LINE_WORKER, R.STREET_SECTION, R.STREET_LEADER},
    "answer_order": WORK,
    "transfer_order": DIRECT,
    "return_order": frozenset(),
    "assign_order": DIRECT,
    "correct_order": WORK | {R.GRID_MANAGER},
    "handle_order": DIRECT - {R.STREET_LEADER},
    "pass_step": DIRECT - {R.STREET_LEADER},
    "claim_order": CLAIMERS,
    "dispatch_order": DIRECT,
    "take_back_order": DIRECT,
    "raise_order": DIRECT,
    "request_pause": frozenset(),
    "request_extension": frozenset(),
    "grant_request": DECIDE,
    "refuse_request": DECIDE,
    "resume_order": DIRECT,
    "object_order": frozenset(),
    "name_concerned": frozenset({R.COMMUNITY_HEAD, R.STABILITY_CENTRE, R.CENTRE}),
    "urge_order": WORK | {R.FRONT_DESK, R.STREET_LEADER},
    "supervise_order": SUPERVISORS,
    "open_children": DIRECT,
    "open_repair": WORK,
    "invite_company": WORK,
    "merge_orders": WORK,
    "split_order": WORK,
    "void_order": DIRECT,
    "keep_words": WORK,
    "edit_wording": frozenset({R.COMMUNITY_HEAD, R.CENTRE}),
    "add_voices": WORK,
    "add_outside_voices": frozenset({R.FRONT_DESK, R.CENTRE}),
    "remove_voice": WORK,
    "rate_order": WORK | {R.FRONT_DESK},
    "conclude_review": REVIEWERS,
    "view_voices": WORDS,
    "print_order": READ,
    "copy_order": READ,
    "export_orders": READ,
    "who_could_know": frozenset({R.COMMUNITY_HEAD, R.STREET_LEADER, R.ADMIN_AUDIT, R.STABILITY_CENTRE}),
}
# Who never sees who spoke in a group, and a deputy, who takes up what many ask for and rates apart from them.
SEALED_FROM = NEVER_WORDS | {R.DEPUTY}
# Nor do they speak, rate or take out a voice for those who did, nor word what they said.
VOICES = frozenset({"view_voices", "add_voices", "add_outside_voices", "remove_voice", "rate_order", "edit_wording"})


def _reach(actor: Actor, roles: frozenset[Role]) -> Q | None:
    """The rows that the actor's posts with one of the roles cover; None when there is no such post."""
    found = None
    for post in actor.posts:
        if post.role not in roles:
            continue
        name, value = post.reach()
        if name == "district":
            return Q()  # Q() | Q(x) would be Q(x)
        here = Q(**{name: value})
        found = here if found is None else found | here
    return found


def visible_to(actor: Actor) -> QuerySet[Order]:
    """The orders that this actor may know of. Machines see all."""
    rows = Order.objects.all()
    if actor.is_machine:
        return rows
    if actor.kind == "link":
        return rows.filter(id__in=Voice.objects.filter(id=actor.id, state=Voice.ACTIVE).values("order_id"))
    if actor.kind == "resident":
        return rows.filter(
            id__in=Voice.objects.filter(account_id=actor.id, state=Voice.ACTIVE).values("order_id")
        )
    if actor.kind != "worker":
        return rows.none()
    mine = Q(responsible_id=actor.id) | _of_department(actor)
    if actor.has_role(R.DEPUTY):
        mine |= Q(procedure=OPINIONS, opener_id=actor.id)
    reach = _reach(actor, READ)
    if reach is None:
        return rows.filter(mine)
    secret, upper = _reach(actor, CONFIDENTIAL), _reach(actor, UPPER)
    if shifts := on_shift(actor):
        tonight = Q(street_id__in=shifts) | Q(community_id__in=shifts)
        secret = tonight if secret is None else secret if not secret else secret | tonight
    if secret == reach == upper == Q():
        return rows
    seen = mine | (reach & Q(confidential=False)) | pool_of(actor)
    if secret is not None:
        seen |= secret & Q(confidential=True) & ~Q(kind__in=BEYOND)
    if upper is not None:
        seen |= upper & Q(kind__in=BEYOND)
    return rows.filter(seen)


def reads(actor: Actor, order: Order) -> bool:
    """`visible_to` for one order in hand (no query, but a resident's)."""
    if actor.is_machine:
        return True
    if actor.kind == "link":
        return order.voices.filter(id=actor.id, state=Voice.ACTIVE).exists()
    if actor.kind == "resident":
        return order.voices.filter(account_id=actor.id, state=Voice.ACTIVE).exists()
    if actor.kind != "worker":
        return False
    if order.responsible_id == actor.id or follows(actor, order):
        return True
    if not order.confidential:
        return _covered(actor, order, READ) or (order.state == OrderState.POOLED and _takes(actor, order, CLAIMERS))
    if order.kind in BEYOND:
        return _covered(actor, order, UPPER)
    if any(order.kind in kinds and post.covers(**_stamp(order)) for post, kinds in _department_posts(actor)):
        return True
    return _covered(actor, order, CONFIDENTIAL) or bool(on_shift(actor) & {order.street_id, order.community_id})


def follows(actor: Actor, order: Order) -> bool:
    """Is it an opinion that this deputy raised: hers to read and to urge until it is over (DB-4.4)?"""
    return order.procedure == OPINIONS and order.opener_id is not None and order.opener_id == actor.id and actor.has_role(R.DEPUTY)


def _department_posts(actor: Actor) -> list[tuple[PostRef, list[str]]]:
    """The actor's posts in departments, with the sensitive kinds that their line of duty is told of."""
    posts = [(p, [k for k, lines in DEPARTMENTS.items() if p.line in lines]) for p in actor.with_role(R.DEPARTMENT)]
    return [(p, kinds) for p, kinds in posts if kinds]


def _of_department(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for post, kinds in _department_posts(actor):
        name, value = post.reach()
        found |= Q(kind__in=kinds, confidential=True, **({} if name == "district" else {name: value}))
    return found


def _stamp(order: Order) -> dict[str, UUID | None]:
    return {"street_id": order.street_id, "community_id": order.community_id, "grid_id": order.grid_id}


def pool_of(actor: Actor) -> Q:
    """The pools that the actor may claim from: whoever serves a grid claims in her whole community, since a pool of one
    grid would be no pool. What is confidential stays with those of its place."""
    communities = {p.community_id for p in actor.posts if p.role in CLAIMERS and p.community_id}
    return Q(state=OrderState.POOLED, confidential=False, community_id__in=communities) if communities else Q(pk__in=[])


def _takes(actor: Actor, order: Order, roles: frozenset[Role]) -> bool:
    if _covered(actor, order, roles):
        return True
    return not order.confidential and any(p.role in roles and p.community_id == order.community_id for p in actor.posts)


def on_shift(actor: Actor) -> set[UUID]:
    """The areas whose roster names this actor at this moment."""
    if actor.kind != "worker" or actor.id is None or not actor.has_role(*WORK):
        return set()
    return duty_book().rosters_of(actor.id, clock.now())


def _covered(actor: Actor, order: Order, roles: frozenset[Role]) -> bool:
    return any(
        post.role in roles
        and post.covers(street_id=order.street_id, community_id=order.community_id, grid_id=order.grid_id)
        for post in actor.posts
    )


def may(actor: Actor, verb: str, order: Order) -> bool:
    """May this actor do the verb on this order? Asks reach, confidentiality and ownership; not the state."""
    if actor.is_machine or (verb == "object_order" and concerns(actor, order)):
        return True
    if not reads(actor, order):
        if verb in OF_VOICES and actor.kind == "worker":
            # A colleague who spoke as a neighbour, or as a golden eye, has a voice like everybody.
            return order.voices.filter(account_id=actor.id, state=Voice.ACTIVE).exists()
        return verb == "who_could_know" and _covered(actor, order, RIGHTS[verb])
    if actor.kind in ("resident", "link"):
        return verb == "read" or verb in OF_VOICES
    if actor.kind != "worker":
        return False
    if verb in VOICES and actor.has_role(*SEALED_FROM):
        return False
    if order.responsible_id == actor.id and (verb in OWN or verb in VOICES or verb in ("read", "print_order", "copy_order")):
        return True
    if verb == "read" or (verb == "urge_order" and follows(actor, order)):
        return True
    if verb == "claim_order":
        return _takes(actor, order, CLAIMERS)
    return _covered(actor, order, RIGHTS[verb])


def concerns(actor: Actor, order: Order) -> bool:
    """Is it she whom an order without a voice concerns? She may object, and reads nothing but what was told of it."""
    return actor.kind in ("resident", "worker") and Concerned.objects.filter(order_id=order.id, account_id=actor.id).exists()


def may_claim(actor: Actor, order: Order, roles: Sequence[str]) -> bool:
    """Does the procedure's step name a role that the actor has at the order's place?"""
    return actor.is_machine or _takes(actor, order, CLAIMERS & {Role(r) for r in roles})


def may_pass(actor: Actor, order: Order, who: str, verb: str) -> bool:
    """May this actor end a step that is `who`'s? Whoever has it; the centre; within the community its head."""
    if actor.is_machine or (order.responsible_id == actor.id and actor.kind == "worker"):
        return True
    if not may(actor, verb, order):
        return False
    if order.relation == SUPERVISES and who == "opener":
        return False  # an order on an order is closed by its issuer
    if verb == "conclude_review":
        return True
    return _covered(actor, order, frozenset({R.CENTRE})) or who in WITHIN_COMMUNITY


def get(actor: Actor, order_id: UUID) -> Order:
    """The order, if the actor may know of it. Raises NotFound."""
    order = Order.objects.filter(id=order_id).first()
    if order is None or not reads(actor, order):
        raise NotFound()
    return order


def get_or_none(actor: Actor, order_id: UUID) -> Order | None:
    """The order, if the actor may know of it; None else."""
    order = Order.objects.filter(id=order_id).first()
    return order if order is not None and reads(actor, order) else None


def get_locked(actor: Actor, order_id: UUID, verb: str) -> Order:
    """The order, visible, permitted and locked for this transaction. Raises NotFound, Forbidden, and Conflict when many
    hands reach for it and somebody else has it for longer than a person waits."""
    rows = locks.held(Order.objects.filter(id=order_id), patient=actor.is_machine or verb not in CROWDED)
    order = rows[0] if rows else None
    if order is None or not (reads(actor, order) or may(actor, verb, order)):
        raise NotFound()
    if not may(actor, verb, order):
        raise Forbidden()
    return order


def get_many_locked(actor: Actor, order_ids: Sequence[UUID], verb: str) -> list[Order]:
    """Like `get_locked` for several, locked in the order of their ids so that two batches never wait in a circle."""
    orders = locks.held(Order.objects.filter(id__in=order_ids).order_by("id"), patient=True)
    if len(orders) != len(set(order_ids)) or not all(reads(actor, o) for o in orders):
        raise NotFound()
    if not all(may(actor, verb, o) for o in orders):
        raise Forbidden()
    return orders


def may_open(actor: Actor, roles: Collection[Role], *, street_id: UUID, community_id: UUID, grid_id: UUID | None) -> bool:
    """May this actor open a matter at this place, with one of the roles that may?"""
    if actor.is_machine:
        return True
    stamp = {"street_id": street_id, "community_id": community_id, "grid_id": grid_id}
    # A worker of one grid takes in for her whole community: people come to her counter, not to a polygon.
    return any(
        post.role in roles and (post.covers(**stamp) or post.community_id == community_id) for post in actor.posts
    )
