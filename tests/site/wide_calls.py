"""One call of each operation beside those of orders, groups and knowledge, each on things of its own (test_api_schema)."""

from datetime import time
from io import BytesIO
from typing import Any

from linli.channels import actions as channels
from linli.channels.archive.mapping import Columns
from linli.doors import hotline
from linli.files.actions import store_upload
from linli.grid import actions as grid
from linli.grid.selectors import stamp_of_building
from linli.insight import actions as insight
from linli.insight.models import WeekSheet
from linli.kernel.actors import SYSTEM
from linli.notices.models import Notice
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order
from linli.standards import selectors as standards
from linli.standards.actions import library, procedures
from linli.standards.models import Document
from linli.standards.texts import clause_text
from tests.files.samples import picture
from tests.orders.test_states import WORDS
from tests.standards.own import text as trees

Call = tuple[str, str, str, Any]
SLIP = {"number": "RX20260302000123", "words": "电梯坏了，老人下不去", "address": "锦绣苑7号楼"}


def drafted(code: str) -> Document:
    """The next version of a standard, written by nobody in particular."""
    return library.revise_document(by=SYSTEM, code=code)


def submitted(code: str) -> Document:
    return library.submit_document(by=SYSTEM, document_id=drafted(code).id)


def ways(code: str, *, review: bool = False) -> str:
    """The next version of a procedure: its path."""
    row = procedures.draft_procedure(by=SYSTEM, copy_of=standards.procedure(code).id)
    if review:
        procedures.submit_procedure(by=SYSTEM, procedure_id=row.id)
    return f"/api/procedures/{row.id}"


def under(cast: Any, procedure: str, thing: str) -> Order:
    """An order of 周阿姨's under a procedure."""
    voice = VoiceDraft(words=f"{thing}坏了", member_id=cast.member["zhou"].id, account_id=cast.account["zhou"].id)
    stamp = stamp_of_building(cast.building["jx3"], "2单元")
    return orders.open_order(by=SYSTEM, draft=Draft(kind="repair", stamp=stamp, voice=voice, thing=thing, procedure=procedure))


def carried(cast: Any) -> Order:
    """An order of the hotline whose result waits to be carried back."""
    order = hotline.take_one(cast.actor("yu_tao"), hotline.row_of(SLIP | {"number": "RX-7"}), cast.community["jinxiu"].id, None).order
    assert order is not None
    return orders.pass_step(by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, outcome="done", given=orders.Given(words=WORDS))


def calls(cast: Any) -> dict[str, Call]:
    """operationId → (who, method, path, body); a body of bytes is sent as a photo."""
    head, centre, leader, li, zhou = "zhao_hui", "yu_tao", "cao_wei", "li_min", "zhou"
    words, here = {"words": WORDS}, str(cast.community["jinxiu"].id)
    insight.make_week_sheets(by=SYSTEM)
    week = WeekSheet.objects.get(area_id=cast.street["jinxiu"].id)
    batch = channels.begin_batch(by=cast.actor(centre), name="旧工单.xlsx", columns=Columns())
    shift = grid.set_roster_shift(
        by=SYSTEM, area=cast.community["jinxiu"], account_id=cast.account[li].id, starts=time(18), ends=time(20), weekday=6
    )
    notice = Notice.objects.filter(account_id=cast.account[li].id).first()
    photo = photo_of(cast)
    standard = drafted("WXQ")
    clause = clause_text(standard.clauses.order_by("position")[0])
    written = {"number": clause.number, "chapter": clause.chapter, "title": clause.title, "text": "改过的一条。", "replaces": clause.number, "was": clause.digest}
    return {
        "claim_hall": (li, "get", "/api/hall", None),
        "my_tasks": (li, "get", "/api/tasks", None),
        "open_requests": (head, "get", "/api/requests", None),
        "watched_orders": (head, "get", "/api/watch", None),
        "report_find": ("he_feng", "post", "/api/finds", {
            "kind": "sanitation", "community_id": str(cast.community["heping"].id), "where": "菜场后门", "words": "堆着垃圾", "photos": [photo],
        }),
        "raise_opinion": ("bao_hua", "post", "/api/opinions", {"thing": "公交站", "community_id": here, "where": "银杏路", **words}),
        "leave_message": (zhou, "post", "/api/board/messages", {"community_id": here, "words": "健身角能不能修一修"}),
        "board_messages": (zhou, "get", f"/api/board/{here}/messages", None),
        "object_order": (zhou, "post", f"/api/orders/{under(cast, 'correction', '门牌').id}/object", words),
        "invite_company": (head, "post", f"/api/orders/{under(cast, 'repair', '水管').id}/invite", {"words": "三楼漏水"}),
        "list_standards": (li, "get", "/api/standards", None),
        "search_clauses": (li, "get", "/api/standards/clauses?q=答复", None),
        "get_standard": (li, "get", "/api/standards/WXQ", None),
        "revise_standard": (centre, "post", "/api/standards/RX/revise", {}),
        "save_clause": (centre, "post", f"/api/standards/drafts/{standard.id}/clauses", written),
        "submit_standard": (centre, "post", f"/api/standards/drafts/{drafted('DB').id}/submit", {}),
        "return_standard": (centre, "post", f"/api/standards/drafts/{submitted('SX').id}/return", words),
        "approve_standard": (centre, "post", f"/api/standards/drafts/{submitted('YQ').id}/approve", {}),
        "drop_standard": (centre, "post", f"/api/standards/drafts/{drafted('YJ').id}/drop", {}),
        "list_kinds": (li, "get", "/api/kinds", None),
        "list_procedures": (li, "get", "/api/procedures", None),
        "get_procedure": (li, "get", "/api/procedures/pool", None),
        "revise_procedure": (centre, "post", f"/api/procedures/{standards.procedure('pool').id}/revise", {}),
        "submit_procedure": (centre, "post", f"{ways('hotline')}/submit", {}),
        "return_procedure": (centre, "post", f"{ways('golden_eye', review=True)}/return", words),
        "approve_procedure": (centre, "post", f"{ways('deputies', review=True)}/approve", {}),
        "withdraw_procedure": (centre, "post", f"{ways('message_board')}/withdraw", {}),
        "get_procedure_draft": (li, "get", f"/api/procedures/{standards.procedure('pool').id}/draft", None),
        "draft_procedure": (centre, "post", "/api/procedures", {"name": "树木修剪", "data": trees().data}),
        "change_procedure": (centre, "post", f"{ways('complaint')}/change", {"name": "投诉", "data": standards.procedure("complaint").data, "edit": 0}),
        "rehearse_procedure": (li, "post", f"/api/procedures/{standards.procedure('pool').id}/rehearse", {"opened_at": "2026-03-06T16:50:00"}),
        "list_areas": (li, "get", "/api/areas", None),
        "get_hours": (li, "get", f"/api/hours/{here}", None),
        "set_hours": (head, "post", "/api/hours", {"area_id": here, "week": [{"weekday": 0, "starts": "08:30", "ends": "17:30"}]}),
        "set_special_days": (head, "post", "/api/hours/days", {"area_id": here, "since": "2026-03-09", "working": False, "name": "停电检修"}),
        "get_roster": (li, "get", f"/api/rosters/{here}", None),
        "set_roster_shift": (head, "post", "/api/rosters", {
            "area_id": here, "account_id": str(cast.account[li].id), "starts": "18:00", "ends": "22:00", "day": "2026-03-07",
        }),
        "remove_roster_shift": (head, "post", f"/api/rosters/shifts/{shift.id}/remove", {}),
        "keep_photo": (zhou, "post", "/api/photos", picture()),
        "board_figures": (head, "get", "/api/board", None),
        "my_notices": (li, "get", "/api/notices?unread=true", None),
        "read_notices": (li, "post", "/api/notices/read", {"ids": [str(notice.id if notice else week.id)]}),
        "list_batches": (centre, "get", "/api/archive/batches", None),
        "take_back_batch": (centre, "post", f"/api/archive/batches/{batch.id}/take-back", {}),
        "list_sheets": ("lu_xin", "get", "/api/paper/sheets", None),
        "take_hotline_order": (centre, "post", "/api/hotline/orders", SLIP | {"due_at": "2026-03-05T17:00:00+08:00", "name": "周女士"}),
        "hotline_orders": (centre, "get", "/api/hotline/orders?view=all", None),
        "carry_back": (centre, "post", f"/api/hotline/orders/{carried(cast).id}/carried", {"number": "RX-7"}),
        "month_figures": (head, "get", "/api/insight/month?month=2026-03&lines=kind", None),
        "month_points": (head, "get", "/api/insight/points?month=2026-03", None),
        "get_formula": (head, "get", "/api/insight/formula", None),
        "set_formula": (centre, "post", "/api/insight/formula", {"name": "市里口径", "parts": [{"share": "solved_in_time", "weight": 100}]}),
        "week_sheet": (leader, "get", "/api/insight/week", None),
        "remark_week": (leader, "post", f"/api/insight/week/{week.id}/remark", {"order_id": week.data["failing"][0]["order"], **words}),
    }  # fmt: skip


def photo_of(cast: Any) -> str:
    """A photo that was kept before."""
    return str(store_upload(cast.actor("he_feng"), BytesIO(picture()), kinds=("image",)).id)
