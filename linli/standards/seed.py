"""What every district starts with: the standards, kinds and procedures (domain.md A14, orders.md). Written by us."""

import json
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from linli.kernel import clock
from linli.ledger import stamps
from linli.standards import selectors, shelf
from linli.standards.documents import DocumentState, DocumentText, parse
from linli.standards.kinds import CATEGORIES, CATEGORY_LABELS
from linli.standards.models import Clause, Document, Kind, Procedure
from linli.standards.procedures import PROCEDURES
from linli.standards.texts import clause_row, text_of

LIBRARY = Path(__file__).resolve().parent / "data" / "library"
__all__ = ["CATEGORIES", "CATEGORY_LABELS", "lacking", "seed_standards"]
DAILY = [
    # code, label, category, minutes of working time
    ("repair", "报修", "property", 960), ("sanitation", "卫生", "environment", 480),
    ("safety", "安全", "safety", 480), ("noise", "噪音", "environment", 480),
    ("parking", "停车", "traffic", 960), ("dispute", "纠纷", "culture", 1440),
    ("help", "求助", "welfare", 480), ("consult", "咨询", "welfare", 480),
]  # fmt: skip
SENSITIVE = [
    ("illegal_building", "违建", "municipal", 4800), ("pyramid_selling", "传销", "safety", 2400),
    ("group_rental", "群租房", "safety", 4800), ("vice", "黄赌毒", "safety", 2400), ("abuse", "家暴虐待", "safety", 960),
]  # fmt: skip
COMPLAINTS = [("complaint", "作风投诉", "welfare", 2400)]
TO_SORT = [("look", "待听待看", "welfare", 480), ("person", "找人工", "welfare", 480)]
#: matters of other procedures than a resident's word; nobody chooses them by hand when taking a word in
OTHER = [
    ("alarm", "感知告警", "safety", 480), ("data", "数据更正", "welfare", 2100), ("event", "突发事件", "safety", 480),
    ("opinion", "舆情", "culture", 960), ("item", "事项办理", "welfare", 2100), ("deputy", "代表意见", "municipal", 4200),
    ("message", "民情留言", "culture", 2100), ("watch", "督办督查", "welfare", 960),
]  # fmt: skip
#: these come in their second version: first written as {"answer": …, "solve": …}, with fewer ways, without all of those who open them, or
#: without a reward
SECOND = (
    "group_appeal", "sensitive", "question", "complaint", "pool", "patrol", "repair", "correction", "sensor", "emergency", "bad_opinion", "item",
    "golden_eye",
)


@transaction.atomic
def seed_standards() -> None:
    """Write what is missing; what an adopter has changed stays. Safe to run again."""
    _seed_library()
    rows = [(row, "", True) for row in DAILY + TO_SORT] + [(row, "head", True) for row in SENSITIVE]
    rows += [(row, "street", True) for row in COMPLAINTS] + [(row, "", False) for row in OTHER]
    Kind.objects.bulk_create(
        [
            Kind(code=code, label=label, category=category, sensitive=first == "head", confidential=bool(first), first=first,
                 order=order, solve_minutes=minutes, solve_calendar="hours", listed=listed)
            for order, ((code, label, category, minutes), first, listed) in enumerate(rows)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    _seed_procedures()
    stamps.renew([selectors.STAMP, shelf.STAMP])


def shipped() -> list[DocumentText]:
    """The standards that come with the product, by code (data/library)."""
    return [parse(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(LIBRARY.glob("*.json"))]


def _seed_library() -> None:
    """New standards; and the next version of one that is as the product brought it. What a district wrote itself, or is
    writing, stays: see `lacking`."""
    have = set(Document.objects.values_list("code", flat=True))
    standing = {d.code: d for d in Document.objects.filter(state=DocumentState.IN_FORCE).prefetch_related("clauses")}
    now = clock.now()
    documents, clauses = [], []
    for text in shipped():
        old = standing.get(text.code)
        if text.code in have and (old is None or not _as_brought(old) or _same(old, text)):
            continue
        if old is not None:
            old.state, old.superseded_at = DocumentState.SUPERSEDED, now
            old.save(update_fields=["state", "superseded_at"])
        head = text.head
        documents.append(Document(
            code=text.code, version=old.version + 1 if old else 1, state=DocumentState.IN_FORCE, title=head.title, subsystem=head.subsystem,
            module=head.module, scope=head.scope, object=head.object, flow=list(head.flow), requirement=head.requirement,
            valid_from=clock.today(), changed_at=now, in_force_at=now,
        ))
        clauses += [clause_row(documents[-1], c) for c in text.clauses]
    Document.objects.bulk_create(documents)
    Clause.objects.bulk_create(clauses, batch_size=500)


def _as_brought(document: Document) -> bool:
    """Nobody of the district wrote or approved it, and nobody is at its next version."""
    coming = Document.objects.filter(code=document.code, version__gt=document.version)
    return not document.writers and document.approver_id is None and not coming.exists()


def _same(document: Document, text: DocumentText) -> bool:
    mine = text_of(document, document.clauses.all())
    return replace(mine.head, valid_from="", valid_until="") == replace(text.head, valid_from="", valid_until="") and mine.clauses == text.clauses


def lacking() -> list[tuple[Document, list[str]]]:
    """(standard in force, numbers of clauses that the product brings and no version of the district ever had), where a district
    has written its own version: a person takes them in or not."""
    found = []
    standing = {d.code: d for d in Document.objects.filter(state=DocumentState.IN_FORCE)}
    known: dict[str, set[str]] = {}
    for code, number in Clause.objects.values_list("document__code", "number"):
        known.setdefault(code, set()).add(number)
    for text in shipped():
        numbers = [c.number for c in text.clauses if c.number not in known.get(text.code, set())]
        if numbers and text.code in standing:
            found.append((standing[text.code], numbers))
    return found


def _seed_procedures() -> None:
    have: dict[str, int] = {}
    for code, version in Procedure.objects.values_list("code", "version"):
        have[code] = max(version, have.get(code, 0))
    for code, name, clause, data in PROCEDURES:
        version = 2 if code in SECOND else 1
        if have.get(code, 0) >= version:
            continue
        Procedure.objects.filter(code=code, state=Procedure.IN_FORCE).update(state=Procedure.SUPERSEDED)
        Procedure.objects.create(code=code, version=version, name=name, clause_code=clause, data=data, in_force_at=clock.now())
