"""Property companies, sections, departments, firms."""

from uuid import UUID

from django.db import transaction

from linli.grid import access
from linli.grid.actions.common import area_of, locked, row_at, words
from linli.grid.models import Area, Organisation
from linli.grid.seen import check, seen_of
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, NotFound
from linli.ledger.record import record


@transaction.atomic
def add_organisation(*, by: Actor, name: str, kind: str, area: Area | None = None, phone: str = "") -> Organisation:
    """Add a property company, a section, a department, a firm …; `area` is where it works (None: the district)."""
    access.ask(by, "add_organisation", area)
    name, kind = words(name, "单位名称", 64), words(kind, "单位类别", 24)
    there = Organisation.objects.filter(name=name, kind=kind, area=area).first()
    if there:
        return there
    org = Organisation.objects.create(name=name, kind=kind, area=area, phone=phone.strip()[:24])
    record(by, "grid.add_organisation", row_at("organisation", org.id, area, {"kind": kind}))
    return org


@transaction.atomic
def change_organisation(
    *, by: Actor, org_id: UUID, name: str | None = None, kind: str | None = None, phone: str | None = None,
    seen: str | None = None,
) -> Organisation:  # fmt: skip
    """Change how an organisation is called, what it is, or its number. Raises NotFound, Forbidden, Stale, BadInput;
    Conflict when there is another one of that name and kind at the same place."""
    org = locked(Organisation.objects.filter(id=org_id)).first()
    if org is None:
        raise NotFound("没有找到这个单位。")
    area = area_of(org.area_id) if org.area_id else None
    access.ask(by, "change_organisation", area)
    check(seen_of(org), seen)
    wanted = {
        "name": words(name, "单位名称", 64) if name is not None else None,
        "kind": words(kind, "单位类别", 24) if kind is not None else None,
        "phone": phone.strip()[:24] if phone is not None else None,
    }
    changed = [k for k, v in wanted.items() if v is not None and getattr(org, k) != v]
    if changed:
        for field in changed:
            setattr(org, field, wanted[field])
        if Organisation.objects.filter(name=org.name, kind=org.kind, area=area).exclude(id=org.id).exists():
            raise Conflict(f"这里已经有“{org.name}”了，请换一个名称。", "name_taken")
        org.save(update_fields=changed)
        record(by, "grid.change_organisation", row_at("organisation", org.id, area, {"fields": changed}))
    return org
