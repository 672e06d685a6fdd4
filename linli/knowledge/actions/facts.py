"""Local facts: filled in once by whoever knows, told in every answer that asks for them."""

from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.knowledge import access
from linli.knowledge.models import LocalFact
from linli.ledger.record import Row, record

LONGEST = 200


@transaction.atomic
def set_fact(*, by: Actor, name: str, value: str, area_id: UUID | None = None) -> LocalFact | None:
    """Fill in a fact for an area (None: the district); an empty value takes it back. Raises Forbidden, BadInput."""
    access.ask_edit(by)
    if not by.is_machine and not any(area_id in (p.community_id, p.street_id) or p.reach()[0] == "district" for p in by.posts):
        raise Forbidden("这不是您管的地方。")
    name, value = name.strip()[:40], " ".join(value.split())
    if not name or len(value) > LONGEST or set("{}") & set(value):
        raise BadInput(f"请写 {LONGEST} 字以内的内容，不要用花括号。", "bad_fact")
    row = LocalFact.objects.filter(name=name, area_id=area_id).first()
    if row and row.value == value:
        return row
    if not value:
        if row is None:
            return None
        fact_id = row.id
        row.delete()
    else:
        row = row or LocalFact(name=name, area_id=area_id)
        row.value, row.updated_at = value, clock.now()
        row.save()
        fact_id = row.id
    record(by, "knowledge.set_fact", Row("fact", fact_id, facts={"area": str(area_id) if area_id else None, "filled": bool(value)}))
    return row if value else None
