"""A sheet that two people agree on becomes orders, by the same actions as everything else, under the sheet's own key."""

import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.channels.models import PaperSheet
from linli.channels.paper import forms
from linli.grid import access as posts
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel.actors import Actor
from linli.language import understand
from linli.language.staff import against_staff
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft, told_kind
from linli.orders.models import Order
from linli.orders.states import Door
from linli.standards import selectors as standards

_UNIT = re.compile(r"[\d一二三四五六七八九十甲乙丙丁]{1,3}单元")


def open_sheet(by: Actor, sheet: PaperSheet, area: Area, entry: Mapping[str, str]) -> list[Order]:
    """The orders of a sheet, in the order of its lines. The same sheet again gives those that are there."""
    if sheet.form == "deputy":
        # Her signature is on the paper: the opinion is hers and comes back to her; who typed it stands in the sheet's events.
        deputy = posts.actor_for(accounts.staff_account(UUID(entry["deputy"])))
        stamp = _stamp(area, forms.building_id(entry), entry.get("place", ""))
        blobs = [str(sheet.blob_id)]
        return [actions.raise_opinion(by=deputy, stamp=stamp, thing=entry["thing"], words=entry["words"], blobs=blobs, key=sheet.id.hex)]
    if sheet.form == "slip":
        return [actions.open_order(by=by, draft=_slip(sheet, area, entry))]
    return _found(by, sheet, area, entry)


def _slip(sheet: PaperSheet, area: Area, entry: Mapping[str, str]) -> Draft:
    """A resident's own words: where exactly she lives is hers, so what she wrote of the place is sealed with her words."""
    place, words = entry.get("place", ""), entry["words"]
    u = understand(words)
    stamp = _stamp(area, forms.building_id(entry), place)
    if stamp.building_id is None:
        stamp = replace(stamp, text=(understand(place).place.text or area.name)[:80])
    said = f"{words}\n（单子上写的地方：{place}）" if place else words
    voice = VoiceDraft(words=said, name=entry.get("name", ""), phone=entry.get("phone", ""), door=Door.COUNTER, blob_ids=[str(sheet.blob_id)])
    question = u.intent in ("question", "call_person") and not against_staff(words)
    kind = "consult" if question else told_kind(words, u)
    return Draft(
        kind=kind, stamp=stamp, voice=voice, thing="" if question else u.thing, category=u.category, urgency=u.urgency, question=question,
        key=f"paper:{sheet.id}:1", unsure=not u.kind and not question,
    )  # fmt: skip


def _found(by: Actor, sheet: PaperSheet, area: Area, entry: Mapping[str, str]) -> list[Order]:
    """The lines of an inspection are findings of our own people (C8): into the pool to be claimed, whoever typed them. The
    photo goes with every one; where one of them is sensitive, with that one alone, since it shows its line."""
    found = []
    for n in forms.lines_of(entry):
        stamp = _stamp(area, forms.building_id(entry, n), entry.get(f"place-{n}", ""))
        found.append((n, stamp, entry[f"words-{n}"]))
    kinds = standards.kinds()
    secret = {n for n, _, words in found if kinds[told_kind(words, understand(words))].confidential}
    return [
        actions.bring_matter(
            by=by, procedure="pool", stamp=stamp, words=words, found_by=entry.get("name", ""), key=f"paper:{sheet.id}:{n}",
            blobs=[str(sheet.blob_id)] if not secret or n in secret else [],
        )
        for n, stamp, words in found
    ]  # fmt: skip


def _stamp(area: Area, building_id: UUID | None, place: str) -> Stamp:
    """The building with its unit, never the home; where none was chosen, the words of the place."""
    if building_id is not None:
        unit = _UNIT.search(place)
        return places.stamp_of_building(places.buildings_by_id([building_id])[0], unit[0] if unit else "")
    return Stamp(area.street_id, area.id, None, None, "", place[:80])  # type: ignore[arg-type]
