"""The only writer of people and of what ties them to accounts and members. Events hold ids and field names only."""

from uuid import UUID

from django.db import transaction
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from linli.accounts.actions import clean_phone
from linli.accounts.models import Account
from linli.kernel import clock, crypto
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.ledger.record import Row, record
from linli.residents import access
from linli.residents.models import Link, Person

EVIDENCE = ("told", "phone_code", "visit", "paper", "demo")


def _row(person: Person, facts: dict | None = None) -> Row:
    return Row("person", person.id, community_id=person.community_id, facts=facts or {})


def clean_id_number(number: str) -> str:
    """An identity number with its check digit (GB 11643). Raises BadInput; empty stays empty."""
    number = "".join(number.split()).upper()
    if not number:
        return ""
    # The table of birth places is left out: codes of new counties are missing there, and their people are real.
    try:
        if len(number) == 18 and number[:-1].isdigit() and ric.calc_check_digit(number) == number[-1]:
            ric.get_birth_date(number)
            return number
    except ValidationError as exc:
        raise BadInput("身份证号码好像不对，请再看一眼。", "bad_id_number") from exc
    raise BadInput("身份证号码好像不对，请再看一眼。", "bad_id_number")


def _put(person: Person, name: str | None, phone: str | None, id_number: str | None) -> list[str]:
    changed: list[str] = []
    ring = crypto.ring()
    if name is not None:
        person.name = " ".join(name.split())
        changed.append("name")
    if phone is not None:
        person.phone = clean_phone(phone) if phone.strip() else ""
        person.phone_index = ring.index(person.phone)
        changed += ["phone", "phone_index"]
    if id_number is not None:
        person.id_number = clean_id_number(id_number)
        person.id_index = ring.index(person.id_number)
        changed += ["id_number", "id_index"]
    return changed


@transaction.atomic
def add_person(
    *, by: Actor, name: str, phone: str = "", id_number: str = "", home_id: UUID | None = None,
    community_id: UUID | None = None, birth_year: int | None = None,
) -> Person:  # fmt: skip
    """Enter a person into the base data. Asked once: a known identity number gives the person who has it.

    Raises BadInput for an empty name or a number that cannot be one, Conflict when the identity number belongs to
    somebody this actor may not see, Forbidden.
    """
    access.ask(by, "add_person", community_id)
    if not name.strip():
        raise BadInput("请填写姓名。", "missing_name")
    person = Person(home_id=home_id, community_id=community_id, birth_year=birth_year)
    _put(person, name, phone, id_number)
    if person.id_index:
        there = Person.objects.filter(id_index=person.id_index).first()
        if there:
            if not access.visible_to(by).filter(id=there.id).exists():
                raise Conflict("这个身份证号码已经登记在别处，请联系街道核对。", "id_taken")
            return there
    person.save(force_insert=True)
    record(by, "residents.add_person", _row(person))
    return person


@transaction.atomic
def change_person(
    *, by: Actor, person_id: UUID, name: str | None = None, phone: str | None = None, id_number: str | None = None,
    home_id: UUID | None = None, birth_year: int | None = None,
) -> Person:  # fmt: skip
    """Correct what is known of a person. Raises NotFound, Forbidden, BadInput."""
    person = access.get(by, person_id, "change_person")
    changed = _put(person, name, phone, id_number)
    for field, value in (("home_id", home_id), ("birth_year", birth_year)):
        if value is not None and getattr(person, field) != value:
            setattr(person, field, value)
            changed.append(field)
    if changed:
        person.save(update_fields=changed)
        record(by, "residents.change_person", _row(person, {"fields": sorted(changed)}))
    return person


@transaction.atomic
def view_person(*, by: Actor, person_id: UUID, purpose: str) -> Person:
    """Open a person's data unmasked, for a purpose (a code). Each opening is in the history. Raises NotFound."""
    if not purpose.isascii() or not purpose.strip():
        raise BadInput("请先选择查看的用途。", "missing_purpose")
    person = access.get(by, person_id, "view_person")
    record(by, "residents.view_person", _row(person, {"purpose": purpose[:24]}))
    return person


def _link(by: Actor, verb: str, person_id: UUID, evidence: str, consent: str, **key: UUID) -> Link:
    person = access.get(by, person_id, verb)
    if evidence not in EVIDENCE:
        raise BadInput("请选择凭什么知道是本人。", "bad_evidence")
    there = Link.objects.filter(ends_at=None, **key).first()
    if there and there.person_id == person.id:
        return there
    if there:
        raise Conflict("这个账号已经和另一位居民对上了，请先核对。", "linked_elsewhere")
    link = Link.objects.create(
        person=person, evidence=evidence, consent=consent[:24], starts_at=clock.now(), **key
    )
    facts = {"link": str(link.id), "evidence": evidence, **{k: str(v) for k, v in key.items()}}
    record(by, f"residents.{verb}", _row(person, facts))
    return link


@transaction.atomic
def link_account(*, by: Actor, person_id: UUID, account_id: UUID, evidence: str, consent: str = "") -> Link:
    """This account is this person: on what evidence, with what consent. Raises NotFound, BadInput, Conflict."""
    if not Account.objects.filter(id=account_id).exists():
        raise NotFound("没有找到这个账号。")
    return _link(by, "link_account", person_id, evidence, consent, account_id=account_id)


@transaction.atomic
def link_member(*, by: Actor, person_id: UUID, member_id: UUID, evidence: str, consent: str = "") -> Link:
    """This sender in a group is this person. Groups stand above: the caller knows that the member exists."""
    return _link(by, "link_member", person_id, evidence, consent, member_id=member_id)


@transaction.atomic
def end_link(*, by: Actor, link_id: UUID) -> Link:
    """The tie was wrong, or consent was withdrawn: it ends now and stays in the history. Raises NotFound."""
    link = Link.objects.select_related("person").filter(id=link_id).first()
    if link is None:
        raise NotFound()
    person = access.get(by, link.person_id, "end_link")
    if link.ends_at is None:
        link.ends_at = clock.now()
        link.save(update_fields=["ends_at"])
        record(by, "residents.end_link", _row(person, {"link": str(link.id)}))
    return link
