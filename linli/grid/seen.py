"""What a form was filled from: a short mark of the values that were on the page. Whoever sends it after somebody else has
changed them is told so, instead of writing her older copy over the newer one."""

import hashlib
import json
from typing import Any

from django.db.models import Model

from linli.accounts.models import Account
from linli.grid.models import Area, Building, Organisation
from linli.kernel.errors import Conflict

FIELDS: dict[type[Model], tuple[str, ...]] = {
    Area: ("name", "village", "roads", "landmarks", "valid_to", "replaced_by"),
    Building: ("estate", "name", "units", "property_org_id", "grid_id"),
    Organisation: ("name", "kind", "phone"),
    Account: ("name", "phone", "is_active"),
}


class Stale(Conflict):
    """Somebody else has changed it since the page was drawn."""

    code, message = "stale", "就在刚才，有人先改了这里。您写的还在下面，现在的样子在上面，看一眼再存。"


def mark(values: Any) -> str:
    """A short mark of any values that JSON (or `str`) can write."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def seen_of(row: Model) -> str:
    """The mark of a row as it is now."""
    return mark([str(row.pk), *(getattr(row, f) for f in FIELDS[type(row)])])


def check(now: str, seen: str | None) -> None:
    """Raises Stale unless what was seen is what is there. None: nobody looked, a machine writes."""
    if seen and seen != now:
        raise Stale()
