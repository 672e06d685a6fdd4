"""A standard's life: drafted or copied, written, read by a second person, in force from its day, replaced; who may do what."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import clock
from linli.kernel.actors import CLOCK, GUEST
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound, WrongState
from linli.kernel.roles import Role
from linli.ledger.models import Event
from linli.standards import access_library as access
from linli.standards import jobs, reading, seed, selectors, shelf, texts
from linli.standards.actions import library as actions
from linli.standards.documents import MOVES, ClauseText, DocumentState, Head, Value
from linli.standards.models import Clause, Document

S = DocumentState
HEAD = Head("楼道堆物清理规范", "service", "governance", "楼道堆物的清理。", "居民、物业、社区。", ("发现", "提醒", "清理"), "通道畅通，先提醒后清理。")
CLAUSE = ClauseText("1.1", "总则", "先提醒", "清理前 3 天张贴提醒。", (Value("remind", "提醒", "limit", 3, "day", "clock"),))


def drafted(cast, who="yu_tao", code="LDDW", head=HEAD):
    made = actions.draft_document(by=cast.actor(who), code=code, head=head)
    actions.save_clause(by=cast.actor(who), document_id=made.id, clause=CLAUSE)
    return made


def in_force(cast, **more):
    made = drafted(cast, **more)
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    return actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)


def changed(cast, code, number, who="yu_tao", **change):
    """A draft of the next version with one clause changed."""
    made = actions.revise_document(by=cast.actor(who), code=code)
    old = texts.clause_text(made.clauses.get(number=number))
    actions.save_clause(by=cast.actor(who), document_id=made.id, clause=replace(old, **change), number=number, was=old.digest)
    return made


def test_from_draft_to_replaced(cast, at):
    first = in_force(cast)
    assert (first.state, first.version, first.valid_from) == (S.IN_FORCE, 1, clock.today())
    assert shelf.values("LDDW-1.1")["remind"].span == (3 * 1440, "clock")
    at.move(days=40)
    second = changed(cast, "LDDW", "1.1", text="清理前 5 天张贴提醒。", values=(replace(CLAUSE.values[0], amount=5),))
    assert second.version == 2 and shelf.values("LDDW-1.1")["remind"].amount == 3
    actions.submit_document(by=cast.actor("yu_tao"), document_id=second.id)
    with pytest.raises(BadInput):
        actions.return_document(by=cast.actor("yuan_qing"), document_id=second.id, words=" ")
    assert actions.return_document(by=cast.actor("yuan_qing"), document_id=second.id, words="写明谁张贴").note == "写明谁张贴"
    actions.submit_document(by=cast.actor("yu_tao"), document_id=second.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=second.id)
    first.refresh_from_db()
    assert (first.state, first.superseded_at) == (S.SUPERSEDED, clock.now())
    assert shelf.values("LDDW-1.1")["remind"].amount == 5
    verbs = Event.objects.filter(subject_id=second.id).order_by("id").values_list("verb", flat=True)
    assert [v.removeprefix("standards.") for v in verbs] == [
        "revise_document", "save_clause", "submit_document", "return_document", "submit_document", "approve_document",
    ]  # fmt: skip


def test_an_order_s_clause_reads_as_it_did_in_its_time(cast, at):
    in_force(cast)
    opened = clock.now()
    at.move(days=10)
    second = changed(cast, "LDDW", "1.1", text="清理前 5 天张贴提醒。")
    actions.submit_document(by=cast.actor("yu_tao"), document_id=second.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=second.id)
    assert "5 天" in shelf.clause("LDDW-1.1").text and "3 天" in shelf.clause("LDDW-1.1", opened).text
    assert "3 天" in shelf.clause("LDDW-1.1", opened - timedelta(days=400)).text  # before there was one: the first
    assert shelf.clause("LDDW-9.9") is None and shelf.clause("ZZ-1.1") is None and shelf.clause("") is None


def test_nobody_approves_what_she_wrote_any_of(cast, at):
    made = drafted(cast, "yu_tao")
    was = texts.clause_text(made.clauses.get()).digest
    actions.save_clause(by=cast.actor("yuan_qing"), document_id=made.id, clause=CLAUSE, number="1.1", was=was)
    actions.submit_document(by=cast.actor("xie_lin"), document_id=made.id)
    for writer in ("yu_tao", "yuan_qing"):
        with pytest.raises(Forbidden):
            actions.approve_document(by=cast.actor(writer), document_id=made.id)
    made.refresh_from_db()
    assert made.state == S.REVIEW and made.approver_id is None


def test_approved_for_a_day_to_come_it_waits_for_it(cast, at):
    in_force(cast)
    made = actions.revise_document(by=cast.actor("yu_tao"), code="LDDW")
    text = texts.text_of(made, ()).head
    actions.change_document(by=cast.actor("yu_tao"), document_id=made.id, head=replace(text, valid_from="2026-03-05"), was=text)
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    assert actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id).state == S.APPROVED
    seen = []
    for day in (4, 5):
        at.set(datetime(2026, 3, day, 0, 5))
        jobs.start_documents()
        seen.append((shelf.in_force("LDDW").version, actions.start_documents(by=CLOCK)))
    assert seen == [(1, 0), (2, 0)]
    assert [d.state for d in reading.versions(CLOCK, "LDDW")] == [S.IN_FORCE, S.SUPERSEDED]


def test_past_its_time_it_goes_on_and_stands_in_the_list_of_those_to_be_read_again(cast, at):
    in_force(cast, head=replace(HEAD, valid_until="2026-03-31"))
    at.set(datetime(2026, 3, 31, 23))
    assert reading.by_state(CLOCK, "over") == []
    at.set(datetime(2026, 4, 1, 1))
    assert [r.document.code for r in reading.by_state(CLOCK, "over")] == ["LDDW"]
    assert shelf.clause("LDDW-1.1").text == CLAUSE.text


def every_verb(actor, row):
    """verb → call on a document."""
    was = texts.text_of(row, ()).head
    first = row.clauses.first()
    digest = texts.clause_text(first).digest
    return {
        "change_document": lambda: actions.change_document(by=actor, document_id=row.id, head=replace(was, scope="别的范围"), was=was),
        "save_clause": lambda: actions.save_clause(by=actor, document_id=row.id, clause=CLAUSE, number=first.number, was=digest),
        "remove_clause": lambda: actions.remove_clause(by=actor, document_id=row.id, number=first.number, was=digest),
        "drop_document": lambda: actions.drop_document(by=actor, document_id=row.id),
        "submit_document": lambda: actions.submit_document(by=actor, document_id=row.id),
        "return_document": lambda: actions.return_document(by=actor, document_id=row.id, words="请改"),
        "approve_document": lambda: actions.approve_document(by=actor, document_id=row.id),
        "revise_document": lambda: actions.revise_document(by=actor, code=row.code),
    }


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("verb", sorted(set(MOVES.moves) - {"start_document"}))
def test_each_verb_in_each_state(cast, at, state, verb):
    row = drafted(cast)
    Document.objects.filter(id=row.id).update(state=state)
    row.refresh_from_db()
    call = every_verb(cast.actor("yuan_qing"), row)[verb]
    if MOVES.allows(verb, state):
        call()
        return
    with pytest.raises((WrongState, NotFound)):  # revising looks for the version in force
        call()
    row.refresh_from_db()
    assert (row.state, row.scope, row.clauses.count()) == (state, HEAD.scope, 1)


def test_what_was_approved_never_changes(cast, at):
    first = in_force(cast)
    before = texts.text_of(first)
    in_review = changed(cast, "LDDW", "1.1", text="清理前 9 天张贴提醒。")
    actions.submit_document(by=cast.actor("yu_tao"), document_id=in_review.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=in_review.id)
    first.refresh_from_db()
    assert first.state == S.SUPERSEDED and texts.text_of(first) == before


@pytest.mark.parametrize("role", list(Role))
def test_rights_by_role(cast, at, role):
    writes = {Role.CENTRE, Role.DISTRICT_BODY, Role.STREET_SECTION, Role.STREET_LEADER}
    expected = {
        **dict.fromkeys(("draft_document", "revise_document", "change_document", "save_clause", "remove_clause", "drop_document",
                         "submit_document", "take_in_documents"), role in writes),
        **dict.fromkeys(("approve_document", "return_document"), role in {Role.CENTRE, Role.DISTRICT_BODY}),
        "export_documents": role not in access.OUTSIDE, "start_document": False,
    }  # fmt: skip
    keys = [k for k, a in cast.account.items() if role in {p.role for p in cast.actor(k).posts} and len(cast.actor(k).posts) == 1]
    for key in keys:
        actor = cast.actor(key)
        if actor.kind == "worker":
            assert {verb: access.may(actor, verb) for verb in access.RIGHTS} == expected, key


@pytest.mark.parametrize("who", ["li_min", "zhao_hui", "shi_qiang", "admin", "bao_hua", "zhou", None])
def test_others_can_do_nothing(cast, at, who):
    actor = cast.actor(who) if who else GUEST
    row = drafted(cast)
    for call in every_verb(actor, row).values():
        with pytest.raises(Forbidden):
            call()
    for call in (
        lambda: actions.draft_document(by=actor, code="ABC", head=HEAD), lambda: actions.take_in_documents(by=actor, texts=[]),
        lambda: actions.start_documents(by=actor),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            call()


def test_drafts_are_read_by_writers_only(cast, at):
    made = drafted(cast)
    assert access.get(cast.actor("xie_lin"), "LDDW", 1).id == made.id
    for who in ("li_min", "shi_qiang", "bao_hua"):
        with pytest.raises(NotFound):
            access.get(cast.actor(who), "LDDW", 1)
        assert access.get(cast.actor(who), "WXQ", 1).title == "微信群服务规范"
    for nobody in (cast.actor("zhou"), GUEST):
        with pytest.raises(NotFound):
            access.get(nobody, "WXQ", 1)


def test_one_version_at_a_time_is_coming(cast, at):
    actions.revise_document(by=cast.actor("yu_tao"), code="WXQ")
    with pytest.raises(Conflict):
        actions.revise_document(by=cast.actor("xie_lin"), code="WXQ")
    with pytest.raises(Conflict):
        actions.draft_document(by=cast.actor("xie_lin"), code="WXQ", head=HEAD)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(code="WXQ").update(state=S.IN_FORCE)


def test_two_edits_at_once_the_second_is_told_and_nothing_is_lost(cast, at):
    made = drafted(cast)
    was, head = texts.clause_text(made.clauses.get()).digest, texts.text_of(made, ()).head
    first = actions.save_clause(
        by=cast.actor("yu_tao"), document_id=made.id, clause=replace(CLAUSE, text="清理前 4 天张贴提醒。"), number="1.1", was=was
    )
    with pytest.raises(Conflict):
        actions.save_clause(by=cast.actor("xie_lin"), document_id=made.id, clause=CLAUSE, number="1.1", was=was)
    with pytest.raises(Conflict):
        actions.remove_clause(by=cast.actor("xie_lin"), document_id=made.id, number="1.1", was=was)
    actions.change_document(by=cast.actor("yu_tao"), document_id=made.id, head=replace(head, scope="新的范围"), was=head)
    with pytest.raises(Conflict):
        actions.change_document(by=cast.actor("xie_lin"), document_id=made.id, head=replace(head, scope="别的范围"), was=head)
    made.refresh_from_db()
    assert made.scope == "新的范围" and Clause.objects.get(id=first.id).text == "清理前 4 天张贴提醒。"


def test_what_is_not_whole_does_not_go_to_review(cast, at):
    made = actions.draft_document(by=cast.actor("yu_tao"), code="LDDW", head=HEAD)
    with pytest.raises(BadInput, match="还没有条款"):
        actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    for head in (replace(HEAD, title=""), replace(HEAD, module="people"), replace(HEAD, valid_from="2026-02-30"), replace(HEAD, flow=())):
        with pytest.raises(BadInput):
            actions.draft_document(by=cast.actor("yu_tao"), code="ABC", head=head)
    for code in ("a", "ab1", "ABCDEFGHI", ""):
        with pytest.raises(BadInput):
            actions.draft_document(by=cast.actor("yu_tao"), code=code, head=HEAD)
    assert not Document.objects.filter(code="ABC").exists()


def test_clauses_keep_their_order_and_a_chapter_has_one_name(cast, at):
    made, by = drafted(cast), cast.actor("yu_tao")
    for number in ("1.10", "1.9", "2.1"):
        actions.save_clause(by=by, document_id=made.id, clause=replace(CLAUSE, number=number, chapter="总则" if number[0] == "1" else "清理"))
    actions.save_clause(by=by, document_id=made.id, clause=replace(CLAUSE, number="1.2", chapter="一般规定"))
    text = texts.text_of(made)
    assert [c.number for c in text.clauses] == ["1.1", "1.2", "1.9", "1.10", "2.1"]
    assert {c.chapter for c in text.clauses if c.number[0] == "1"} == {"一般规定"}
    with pytest.raises(Conflict):
        actions.save_clause(by=by, document_id=made.id, clause=replace(CLAUSE, number="1.9"))


def test_a_draft_that_breaks_with_the_procedures_says_which(cast, at):
    assert reading.differences() == []
    made = changed(cast, "WTLZ", "3.2", values=(Value("claim", "领办", "limit", 12, "hour", "clock"),))
    effects = reading.differences(texts.text_of(made))
    assert {(p.code, c.clause, c.says) for p, c in effects} == {("pool", "WTLZ-3.2", "24 小时"), ("patrol", "WTLZ-3.2", "24 小时")}
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)
    assert {p.code for p, _ in reading.differences()} == {"pool", "patrol"}
    assert selectors.flow("pool", 2).limits["claim"].amount == 1440  # the procedure waits for a person to change it


def test_seeding_again_leaves_what_the_district_changed(cast, at):
    made = changed(cast, "WXQ", "4.2", text="区里改过：2 小时内答复。")
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)
    before = Document.objects.count(), Clause.objects.count()
    seed.seed_standards()
    assert (Document.objects.count(), Clause.objects.count()) == before
    assert shelf.clause("WXQ-4.2").text.startswith("区里改过")
