"""The standards library: drafted or copied, written, read by a second person, in force from its day, replaced."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.ledger.record import Row, record
from linli.standards import access_library as access
from linli.standards.documents import (
    CODE,
    MOST_CLAUSES,
    MOVES,
    ClauseText,
    DocumentState,
    DocumentText,
    Head,
    problems_of,
    problems_of_clause,
    problems_of_head,
)
from linli.standards.models import Clause, Document
from linli.standards.texts import clause_row, clause_text, text_of

S = DocumentState
COMING = (S.DRAFT, S.REVIEW, S.APPROVED)
TAKEN = "这份标准已经有一份新稿，请接着写那一份，或者等它办完。"


@dataclass(slots=True)
class TakenIn:
    """What an import did, by the standards' codes."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def _day(text: str, what: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise BadInput(f"没有“{text}”这一天，请看看{what}。", "bad_day") from exc


@transaction.atomic
def draft_document(*, by: Actor, code: str, head: Head) -> Document:
    """A new standard, without clauses yet. Raises Forbidden, BadInput, Conflict when the code is taken."""
    access.ask(by, "draft_document")
    if not CODE.fullmatch(code):
        raise BadInput("编号请用 2 到 8 个大写字母，比如 WXQ。", "bad_code")
    if Document.objects.filter(code=code).exists():
        raise Conflict(f"编号 {code} 已经有一份标准了，请换一个，或者在那一份上起草新一版。", "code_taken")
    return _new(by, "draft_document", code, 1, head, ())


@transaction.atomic
def revise_document(*, by: Actor, code: str) -> Document:
    """The next version as a copy of the one in force. Raises Forbidden, NotFound, Conflict when one is being written."""
    access.ask(by, "revise_document")
    old = Document.objects.filter(code=code, state=S.IN_FORCE).first()
    if old is None:
        raise NotFound("没有找到施行中的这份标准。")
    text = text_of(old)
    head = Head(**{**{n: getattr(text.head, n) for n in Head.__dataclass_fields__}, "valid_from": "", "valid_until": ""})
    return _new(by, "revise_document", code, _next(code), head, text.clauses)


def _next(code: str) -> int:
    return (Document.objects.filter(code=code).aggregate(newest=Max("version"))["newest"] or 0) + 1


def _new(by: Actor, verb: str, code: str, version: int, head: Head, clauses: tuple[ClauseText, ...]) -> Document:
    row = Document(id=ids.new(), code=code, version=version, state=S.DRAFT)
    _put_head(row, head)
    _touch(by, row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as exc:
        raise Conflict(TAKEN, "draft_there") from exc
    Clause.objects.bulk_create(clause_row(row, c) for c in clauses)
    record(by, f"standards.{verb}", _row(row, clauses=len(clauses)))
    return row


def _put_head(row: Document, head: Head) -> None:
    wrong = problems_of_head(head)
    if wrong:
        raise BadInput("".join(wrong), "bad_head")
    row.title, row.subsystem, row.module = head.title.strip(), head.subsystem, head.module
    row.scope, row.object, row.requirement = head.scope.strip(), head.object.strip(), head.requirement.strip()
    row.flow = list(head.flow)
    row.valid_from, row.valid_until = _day(head.valid_from, "施行日期"), _day(head.valid_until, "有效期至")


def _touch(by: Actor, row: Document) -> None:
    row.changed_at = clock.now()
    if by.id and str(by.id) not in row.writers:
        row.writers = [*row.writers, str(by.id)]


def _row(row: Document, **facts: object) -> Row:
    return Row("document", row.id, facts={"code": row.code, "version": row.version, **facts})


def _draft(by: Actor, verb: str, document_id: UUID) -> Document:
    """The locked draft. Raises Forbidden, NotFound, WrongState."""
    access.ask(by, verb)
    row = _locked(document_id)
    MOVES.apply(verb, row)
    return row


def _locked(document_id: UUID) -> Document:
    row = Document.objects.select_for_update().filter(id=document_id).first()
    if row is None:
        raise NotFound("没有找到这份标准。")
    return row


@transaction.atomic
def change_document(*, by: Actor, document_id: UUID, head: Head, was: Head) -> Document:
    """Write what stands above the clauses of a draft; `was`: what stood there when the actor began. Raises Conflict when it
    changed meanwhile, Forbidden, WrongState, BadInput, NotFound."""
    row = _draft(by, "change_document", document_id)
    if text_of(row, ()).head not in (was, head):
        raise Conflict("刚才有同事改了这一份的范围、对象这一段，请打开看看再改。您写的还在这里。", "changed_meanwhile")
    old_title = row.title
    _put_head(row, head)
    _touch(by, row)
    row.save()
    if row.title != old_title:
        _again(row)  # the title stands among each clause's words for the search
    record(by, "standards.change_document", _row(row))
    return row


def _again(row: Document) -> None:
    clauses = [clause_row(row, clause_text(c)) for c in row.clauses.all()]
    row.clauses.all().delete()
    Clause.objects.bulk_create(clauses)


@transaction.atomic
def save_clause(*, by: Actor, document_id: UUID, clause: ClauseText, number: str = "", was: str = "") -> Clause:
    """Write a clause of a draft: a new one, or the one that had `number`; `was`: the digest of the form that the actor had
    before her. Raises Conflict when it changed meanwhile or the number is taken, Forbidden, WrongState, BadInput, NotFound."""
    row = _draft(by, "save_clause", document_id)
    wrong = problems_of_clause(clause)
    if wrong:
        raise BadInput("".join(wrong), "bad_clause")
    old = _clause(row, number, was) if number else None
    others = row.clauses.exclude(id=old.id) if old else row.clauses.all()
    if others.filter(number=clause.number).exists():
        raise Conflict(f"{clause.number} 已经有一条了，请换一个条款号。", "number_taken")
    if others.count() >= MOST_CLAUSES:
        raise BadInput(f"一份标准最多 {MOST_CLAUSES} 条。", "too_many")
    if old:
        old.delete()
    saved = clause_row(row, clause)
    saved.save(force_insert=True)
    row.clauses.filter(number__startswith=f"{clause.number.split('.')[0]}.").update(chapter=clause.chapter)
    _touch(by, row)
    row.save()
    record(by, "standards.save_clause", _row(row, number=clause.number))
    return saved


@transaction.atomic
def remove_clause(*, by: Actor, document_id: UUID, number: str, was: str) -> None:
    """Take a clause out of a draft. Raises Conflict when it changed meanwhile, Forbidden, WrongState, NotFound."""
    row = _draft(by, "remove_clause", document_id)
    _clause(row, number, was).delete()
    _touch(by, row)
    row.save()
    record(by, "standards.remove_clause", _row(row, number=number))


def _clause(row: Document, number: str, was: str) -> Clause:
    found = row.clauses.filter(number=number).first()
    if found is None:
        raise NotFound("没有找到这一条，可能刚才有同事删了或改了号。")
    if clause_text(found).digest != was:
        raise Conflict("刚才有同事改了这一条，请打开看看再改。您写的还在这里。", "changed_meanwhile")
    return found


@transaction.atomic
def drop_document(*, by: Actor, document_id: UUID) -> None:
    """Throw a draft away; what was ever approved stays for good. Raises Forbidden, WrongState, NotFound."""
    row = _draft(by, "drop_document", document_id)
    record(by, "standards.drop_document", _row(row))
    row.delete()


@transaction.atomic
def submit_document(*, by: Actor, document_id: UUID) -> Document:
    """A draft goes to a second person, when nothing is wrong with it. Raises BadInput, Forbidden, WrongState, NotFound."""
    access.ask(by, "submit_document")
    row = _locked(document_id)
    before = MOVES.apply("submit_document", row)
    wrong = problems_of(text_of(row))
    if wrong:
        raise BadInput("".join(f"{number} {text}".strip() for number, text in wrong[:5]), "not_whole")
    return _moved(by, "submit_document", row, before)


@transaction.atomic
def return_document(*, by: Actor, document_id: UUID, words: str) -> Document:
    """Back to the writers with words. Raises BadInput, Forbidden, WrongState, NotFound."""
    access.ask(by, "return_document")
    row = _locked(document_id)
    words = " ".join(words.split())[:200]
    if not words:
        raise BadInput("请写明要改哪里。", "missing_words")
    before = MOVES.apply("return_document", row, words=words)
    return _moved(by, "return_document", row, before, words)


@transaction.atomic
def approve_document(*, by: Actor, document_id: UUID) -> Document:
    """In force from its day, today when none is named; the version before is superseded. Never by one of its writers.
    Raises Forbidden, WrongState, NotFound."""
    access.ask(by, "approve_document")
    row = _locked(document_id)
    if str(by.id) in row.writers:
        raise Forbidden("这一稿您起草或者改过，请另一位同事来审查。", "own_document")
    before = MOVES.apply("approve_document", row)
    row.approver_id = by.id
    if row.valid_from is None or row.valid_from <= clock.today():
        _start(row)
    return _moved(by, "approve_document", row, before)


def _moved(by: Actor, verb: str, row: Document, before: str, note: str = "") -> Document:
    row.note, row.changed_at = note, clock.now()
    row.save()
    record(by, f"standards.{verb}", _row(row, **{"from": str(before), "to": str(row.state)}))
    return row


def _start(row: Document) -> None:
    """In force from now; nothing but its state and moments changes in the version before."""
    now = clock.now()
    Document.objects.filter(code=row.code, state=S.IN_FORCE).update(state=S.SUPERSEDED, superseded_at=now)
    MOVES.apply("start_document", row)
    row.in_force_at, row.valid_from = now, row.valid_from or clock.today()


@transaction.atomic
def start_documents(*, by: Actor) -> int:
    """What was approved for a day that has come is in force. Returns how many."""
    access.ask(by, "start_document")
    due = list(Document.objects.select_for_update().filter(state=S.APPROVED, valid_from__lte=clock.today()).order_by("code"))
    for row in due:
        _start(row)
        row.save()
        record(by, "standards.start_documents", _row(row))
    return len(due)


@transaction.atomic
def take_in_documents(*, by: Actor, texts: Iterable[DocumentText]) -> TakenIn:
    """All of a file or nothing: what differs from the version in force becomes its draft, to be read by a second person;
    a draft that is there already is written over only by a file that says the same. Raises Forbidden, BadInput, Conflict."""
    access.ask(by, "take_in_documents")
    taken = TakenIn()
    for text in texts:
        wrong = problems_of(text)
        if wrong:
            raise BadInput(f"{text.code} {wrong[0][0]} {wrong[0][1]}", "bad_document")
        newest = Document.objects.filter(code=text.code).order_by("-version").first()
        if newest is not None and text_of(newest) == text:
            taken.same.append(text.code)
            continue
        if newest is not None and newest.state in COMING:
            raise Conflict(f"{text.code}：{TAKEN}", "draft_there")
        (taken.new if newest is None else taken.changed).append(text.code)
        _new(by, "revise_document" if newest else "draft_document", text.code, _next(text.code), text.head, text.clauses)
    record(by, "standards.take_in_documents", Row("library", ids.new(), facts={"new": taken.new, "changed": taken.changed}))
    return taken


@transaction.atomic
def export_documents(*, by: Actor, codes: Iterable[str], form: str) -> None:
    """Record that standards went out as a file. Raises Forbidden."""
    access.ask(by, "export_documents")
    record(by, "standards.export_documents", Row("library", ids.new(), facts={"codes": sorted(codes), "form": form}))
