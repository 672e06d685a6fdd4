"""The only writer of sheets: a photo comes in, two people type it, the second settles what differs, orders are made once."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.channels.models import PaperSheet
from linli.channels.paper import access, forms, orders
from linli.files.actions import Upload, store_upload
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.ledger.models import Event
from linli.ledger.record import Row, record, record_many

#: why a sheet is thrown away
REASONS = {"unreadable": "照片看不清，要重拍", "twice": "已经录过了", "wrong": "不是这种单子"}


def upload_sheet(*, by: Actor, form: str, community_id: UUID, photo: Upload | None, key: str) -> PaperSheet:
    """A photo of a filled-in sheet. The same key again gives the sheet that is there. Raises Forbidden, BadInput (also for a
    photo that is here already)."""
    area = access.community(by, community_id)
    wanted = forms.form(form)
    own_key = f"{by.id}:{key}"[:80]
    there = PaperSheet.objects.filter(key=own_key).first()
    if there is not None:
        return there
    if photo is None:
        raise BadInput("请把填好的单子拍下来，或者选一张照片。", "missing_photo")
    assert by.id is not None and area.street_id is not None
    blob = store_upload(by, photo, kinds=("image",))
    try:
        with transaction.atomic():
            sheet = PaperSheet.objects.create(
                key=own_key, form=wanted.code, street_id=area.street_id, community_id=area.id, blob_id=blob.id, account_id=by.id,
                made_at=clock.now(),
            )  # fmt: skip
            record(by, "channels.upload_sheet", _row(sheet))
    except IntegrityError as exc:
        there = PaperSheet.objects.filter(key=own_key).first()
        if there is not None:
            return there
        raise BadInput("这张照片已经传过了，不用再传。", "known_photo") from exc
    return sheet


@transaction.atomic
def enter_sheet(*, by: Actor, sheet_id: UUID, typed: Mapping[str, str]) -> PaperSheet:
    """Type a sheet: the first entry, or (of somebody else) the second one. Where both are alike, orders are made at once;
    else the second person settles. Whoever comes at the same moment as the first is the second, and loses no word.

    Raises NotFound, Forbidden for the same person again, BadInput, WrongState when both entries are there."""
    sheet = _locked(by, sheet_id)
    entry = forms.clean(forms.form(sheet.form), typed, access.community(by, sheet.community_id))
    if sheet.state not in (PaperSheet.NEW, PaperSheet.TYPED):
        raise WrongState("这张单子两遍都有人录了，谢谢您，不用再录。", "entered")
    if sheet.state == PaperSheet.TYPED and sheet.first_by == by.id:
        raise Forbidden("第一遍是您录的，第二遍要请另一位同事来录。")
    text = json.dumps(entry, ensure_ascii=False)
    if sheet.state == PaperSheet.NEW:
        sheet.first, sheet.first_by, sheet.state = text, by.id, PaperSheet.TYPED
        sheet.save(update_fields=["first", "first_by", "state"])
        record(by, "channels.enter_sheet", _row(sheet, {"entry": 1}))
        return sheet
    sheet.second, sheet.second_by, sheet.state = text, by.id, PaperSheet.DIFFERS
    sheet.save(update_fields=["second", "second_by", "state"])
    differences = differences_of(sheet)
    record(by, "channels.enter_sheet", _row(sheet, {"entry": 2, "differences": len(differences)}))
    if not differences:
        finish_sheet(by, sheet, entry)
    return sheet


@transaction.atomic
def settle_sheet(*, by: Actor, sheet_id: UUID, settled: Mapping[str, str]) -> PaperSheet:
    """The second person says what each field that differs shall be: {field: words}. Orders are made.

    Raises NotFound, Forbidden for anybody else, BadInput while a field is left open, WrongState."""
    sheet = _locked(by, sheet_id)
    if sheet.state != PaperSheet.DIFFERS:
        raise WrongState("这张单子没有要核对的了。", "settled")
    if sheet.second_by != by.id:
        raise Forbidden("两遍不一样的地方，由录第二遍的同事来定。")
    differences = differences_of(sheet)
    for d in differences:
        if d.field.name not in settled:
            raise BadInput(f"{forms.told(d.field)}还没有定。", "open")
    entry = entry_of(sheet.second) | {d.field.name: settled[d.field.name] for d in differences}
    entry = forms.clean(forms.form(sheet.form), entry, access.community(by, sheet.community_id))
    record(by, "channels.settle_sheet", _row(sheet, {"fields": [d.field.name for d in differences]}))
    finish_sheet(by, sheet, entry)
    return sheet


@transaction.atomic
def drop_sheet(*, by: Actor, sheet_id: UUID, why: str) -> PaperSheet:
    """No order can be made of it; what was typed is emptied, the photo opens no more. Raises NotFound, BadInput, WrongState."""
    sheet = _locked(by, sheet_id)
    if why not in REASONS:
        raise BadInput("请选为什么不录这一张。", "missing_reason")
    if sheet.state in (PaperSheet.DONE, PaperSheet.DROPPED):
        raise WrongState("这张单子已经办完了。", "ended")
    _end(sheet, PaperSheet.DROPPED)
    record(by, "channels.drop_sheet", _row(sheet, {"why": why}))
    return sheet


@transaction.atomic
def view_sheet(*, by: Actor, sheet: PaperSheet) -> None:
    """Somebody opened the photo, which may show a reporter. Raises NotFound when it is not hers or the sheet is over."""
    access.check(by, sheet)
    if sheet.state in (PaperSheet.DONE, PaperSheet.DROPPED):
        raise NotFound("单子已经录完，照片和工单在一起。")
    record(by, "channels.view_sheet", _row(sheet))


def differences_of(sheet: PaperSheet) -> list[forms.Difference]:
    """Where the two entries of a sheet differ."""
    return forms.compare(forms.form(sheet.form), entry_of(sheet.first), entry_of(sheet.second))


def entry_of(text: str) -> dict[str, str]:
    """One entry as it was typed."""
    return dict(json.loads(text)) if text else {}


def _locked(by: Actor, sheet_id: UUID) -> PaperSheet:
    rows = PaperSheet.objects.filter(id=sheet_id)
    return access.check(by, (rows.select_for_update() if connection.features.has_select_for_update else rows).first())


def finish_sheet(by: Actor, sheet: PaperSheet, entry: Mapping[str, str]) -> None:
    """Both agree: the orders, and who could know of them."""
    made = orders.open_sheet(by, sheet, access.community(by, sheet.community_id), entry)
    sheet.order_ids = [str(o.id) for o in made]
    record(by, "channels.finish_sheet", _row(sheet, {"orders": sheet.order_ids}))
    # Whoever had the paper or its photo before her knows what stands on it: each order says so.
    viewers = Event.objects.filter(subject_id=sheet.id, verb="channels.view_sheet").values_list("actor_id", flat=True)
    for person in sorted({i for i in (*viewers, sheet.account_id, sheet.first_by, sheet.second_by) if i}):
        rows = [Row("order", o.id, o.street_id, o.community_id, o.grid_id, {"sheet": str(sheet.id)}) for o in made]
        record_many(Actor("worker", person), "channels.finish_sheet", rows)
    _end(sheet, PaperSheet.DONE)


def _end(sheet: PaperSheet, state: str) -> None:
    sheet.first = sheet.second = ""
    sheet.state, sheet.ended_at = state, clock.now()
    sheet.save(update_fields=["first", "second", "state", "ended_at", "order_ids"])


def _row(sheet: PaperSheet, facts: Mapping[str, object] | None = None) -> Row:
    return Row("paper", sheet.id, sheet.street_id, sheet.community_id, None, {"form": sheet.form, **(facts or {})})
