"""Two versions side by side, and the search."""

from dataclasses import replace

import pytest

from linli.standards import compare, reading, seed, texts
from linli.standards.actions import library as actions
from linli.standards.documents import Value, in_order

WXQ = next(d for d in seed.shipped() if d.code == "WXQ")


def joined(pieces, *marks):
    return "".join(words for mark, words in pieces if mark in marks)


@pytest.mark.parametrize(("before", "after"), [
    ("在 2 小时内答复", "在 4 小时内给出答复"), ("", "新的"), ("旧的", ""), ("一样", "一样"), ("甲乙丙丁", "丁丙乙甲"), ("答复居民", "答复了居民吗"),
])  # fmt: skip
def test_both_texts_can_be_read_out_of_the_pieces(before, after):
    found = compare.pieces(before, after)
    assert joined(found, "", "del") == before and joined(found, "", "ins") == after


def test_added_removed_and_changed_clauses_and_values():
    kept = [c for c in WXQ.clauses if c.number not in ("1.4", "4.2", "4.5")]
    answer = next(c for c in WXQ.clauses if c.number == "4.2")
    limits = next(c for c in WXQ.clauses if c.number == "4.5")
    new = replace(answer, number="1.5", title="新的一条", text="新的话。", chapter="建群", values=())
    changed = replace(answer, text=answer.text.replace("2 小时", "4 小时"), values=(replace(answer.values[0], amount=4),))
    fewer = replace(limits, values=(*limits.values[1:], Value("pet", "宠物", "limit", 8, "hour", "hours")))
    after = replace(WXQ, head=replace(WXQ.head, scope="另一个范围。"), clauses=in_order([*kept, new, changed, fewer]))
    found = compare.compare(WXQ, after)
    assert [(c.kind, c.where or c.title) for c in found] == [
        ("changed", "范围"), ("removed", "1.4"), ("added", "1.5"), ("changed", "4.2"), ("changed", "4.5"),
    ]  # fmt: skip
    assert found[3].values == (("答复", "2 小时", "4 小时"),)
    assert joined(found[3].pieces, "", "ins") == changed.text
    assert found[4].values == (("报修", "16 个工作小时", ""), ("宠物", "", "8 个工作小时"))
    assert compare.compare(WXQ, WXQ) == []
    assert [c.kind for c in compare.compare(after, WXQ)] == ["changed", "added", "removed", "changed", "changed"]


@pytest.mark.parametrize(("words", "code"), [
    ("电梯", "WYFW-4.2"), ("密封", "TSCL-1.2"), ("领办", "WTLZ-3.2"), ("两小时答复", "WXQ-4.2"), ("WXQ-4.2", "WXQ-4.2"), ("wxq", "WXQ-1.1"),
    ("物业 退回", "WYFW-4.4"), ("維修資金", None), ("量子计算", None), ("", None), ("%", None), ("' OR 1=1 --", None),
])  # fmt: skip
def test_words_find_their_clauses(cast, at, words, code):
    found = [h.clause.code for h in reading.search(cast.actor("li_min"), words)]
    if code is None:
        assert found == []
    else:
        assert code in found
        for h in reading.search(cast.actor("li_min"), words):
            assert "".join(w for _, w in h.pieces) == h.clause.text


def test_words_in_a_title_come_first_and_the_asked_words_are_marked(cast, at):
    found = reading.search(cast.actor("li_min"), "领办")
    assert "领办" in found[0].clause.title
    assert any(hit and words == "领办" for hit, words in found[0].pieces)


def test_drafts_and_old_versions_are_found_when_wanted_by_those_who_may(cast, at):
    made = actions.revise_document(by=cast.actor("yu_tao"), code="XT")
    old = texts.clause_text(made.clauses.get(number="1.1"))
    actions.save_clause(by=cast.actor("yu_tao"), document_id=made.id, clause=replace(old, text="飞碟归谁管写清楚。"), number="1.1", was=old.digest)
    writer, worker = cast.actor("yu_tao"), cast.actor("li_min")
    assert [len(reading.search(a, "飞碟", past=p)) for a, p in ((writer, False), (writer, True), (worker, True))] == [0, 1, 0]
    actions.submit_document(by=writer, document_id=made.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)
    assert len(reading.search(worker, "飞碟")) == 1
    assert [h.clause.document.version for h in reading.search(worker, "XT-1.1", past=True)] == [2, 1]
