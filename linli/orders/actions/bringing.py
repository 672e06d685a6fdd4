"""A colleague brings something: what she found, heard or has to have done begins its procedure (orders.md, "from")."""

from collections.abc import Sequence

from django.db import transaction

from linli.grid.selectors import Stamp
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.language import understand
from linli.orders import access, assignees, bringing
from linli.orders.actions.common import clean_words, tell
from linli.orders.actions.opening import open_order, way_of
from linli.orders.actions.passing import Given, pass_step
from linli.orders.drafts import Draft, VoiceDraft, told_kind
from linli.orders.models import Order
from linli.orders.states import Door, Way
from linli.standards import selectors as standards


@transaction.atomic
def bring_matter(
    *, by: Actor, procedure: str, stamp: Stamp, words: str, kind: str = "", line: str = "", thing: str = "", urgency: int = 0,
    blobs: Sequence[str] = (), name: str = "", phone: str = "", outcome: str = "", key: str | None = None,
    found_by: str | None = None,
) -> Order:  # fmt: skip
    """Open an order of a procedure by hand. `kind` "" : what the procedure or the words say; `line`: whose line of duty it
    is; `name`, `phone`: of somebody who waits for it; `outcome`: how it left the finder's own first step (solved on the spot,
    or reported). `found_by`: the colleague who wrote it on paper ("" without a name), where another one types it in; None
    where it is `by` herself. What a colleague wrote is for colleagues; somebody named is a sealed voice like everybody.

    A finding that proves sensitive leaves the pool for its own road, and whoever found it is sealed.
    Raises Forbidden where no post of hers may open it there, BadInput for what is missing.
    """
    if procedure in bringing.OWN_PAGES:
        raise BadInput("这类事项有自己的入口，请从那里报。", "own_page")
    if procedure not in {p.code for p in standards.procedures()}:
        raise BadInput("没有这份流程，或者它还没有生效。", "unknown_procedure")
    roles = bringing.openers(procedure)
    if not access.may_open(by, roles, street_id=stamp.street_id, community_id=stamp.community_id, grid_id=stamp.grid_id):
        raise Forbidden("这类事项不由您的岗位在这里发起。")
    words = clean_words(words, "是什么事")
    if line and line not in assignees.lines(stamp):
        raise BadInput("这里没有做这条线的同志，请另选一条，或者不选。", "unknown_line")
    known = Order.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    draft = _draft(by, procedure, stamp, words, kind)
    draft.line, draft.key = line, key
    draft.thing, draft.urgency = thing or draft.thing, max(urgency, draft.urgency)
    draft.way = "" if found_by is None else Way.STAFF
    if draft.procedure != procedure:
        # Sensitive: nobody reads in its history who found it, the voice alone knows.
        finder = by.id if found_by is None else None
        draft.voice = VoiceDraft(words=words, account_id=finder, name=(found_by or "")[:32], door=Door.DESK, blob_ids=list(blobs))
        draft.way = draft.way or way_of(by, draft)
        return open_order(by=SYSTEM, draft=draft)
    if name.strip() or phone.strip():
        draft.voice = VoiceDraft(words=words, name=name.strip()[:32], phone=phone.strip()[:20], door=Door.COUNTER, blob_ids=list(blobs))
    order = open_order(by=by, draft=draft)
    if outcome and outcome in {o.code for o in bringing.bring(procedure, (p.role for p in by.posts)).own}:
        return pass_step(by=by, order_id=order.id, outcome=outcome, given=Given(words=words, blobs=list(blobs)))
    if draft.voice is None:
        to = str(order.responsible_id) if order.responsible_id else None
        tell(by, "instruct_order", order, {"to": to}, words=f"{words}\n（巡查人：{found_by[:32]}）" if found_by else words, blobs=list(blobs))
    return order


def _draft(by: Actor, procedure: str, stamp: Stamp, words: str, kind: str) -> Draft:
    kinds = standards.kinds()
    u = understand(words)
    fixed = bringing.bring(procedure, ()).kind
    finding = procedure in bringing.FINDINGS
    told = told_kind(words, u) if finding else u.kind if u.kind and u.kind != "consult" else "help"
    chosen = kind or fixed or told
    if chosen not in kinds:
        raise BadInput("没有这一类事项。", "unknown_kind")
    own_road = finding and kinds[chosen].confidential
    return Draft(
        kind=chosen, stamp=stamp, thing=u.thing, category=u.category if chosen == u.kind else "", procedure="" if own_road else procedure,
        urgency=2 if procedure in bringing.URGENT else u.urgency, unsure=not (kind or fixed or u.kind), door=Door.DESK,
    )  # fmt: skip
