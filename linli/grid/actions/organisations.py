"""Property companies, sections, departments, firms."""

from django.db import transaction

from linli.grid import access
from linli.grid.actions.common import row_at, words
from linli.grid.models import Area, Organisation
from linli.kernel.actors import Actor
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
