"""Reads of people, for those who may know of them. Names and numbers are shown masked unless `view_person` opened them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from linli.kernel import crypto, masking
from linli.kernel.actors import Actor
from linli.residents import access
from linli.residents.models import Link, Person


@dataclass(frozen=True, slots=True)
class Card:
    """A person as lists show her: masked."""

    id: UUID
    name: str
    phone: str
    home_id: UUID | None
    birth_year: int | None


def card(person: Person) -> Card:
    """The masked form of a person."""
    return Card(
        person.id, masking.mask_name(person.name), masking.mask_phone(person.phone), person.home_id, person.birth_year
    )


def find_by_phone(actor: Actor, phone: str) -> list[Person]:
    """People with this number among those the actor may know of (a family may share one); digits only."""
    digits = "".join(c for c in phone if c.isdigit())
    return list(access.visible_to(actor).filter(phone_index=crypto.ring().index(digits))) if digits else []


def find_by_id_number(actor: Actor, number: str) -> Person | None:
    """The person with this identity number among those the actor may know of."""
    number = number.strip().upper()
    return access.visible_to(actor).filter(id_index=crypto.ring().index(number)).first() if number else None


def people_of_home(actor: Actor, home_id: UUID) -> list[Person]:
    """Who lives in a home, as far as the actor may know."""
    return list(access.visible_to(actor).filter(home_id=home_id).order_by("id"))


def person_of(*, account_id: UUID | None = None, member_id: UUID | None = None) -> UUID | None:
    """The person tied to an account or a member now; None when nobody has tied one. A plain key, no personal data."""
    rows = Link.objects.filter(ends_at=None)
    if account_id:
        rows = rows.filter(account_id=account_id)
    elif member_id:
        rows = rows.filter(member_id=member_id)
    else:
        return None
    return rows.order_by("-id").values_list("person_id", flat=True).first()


def home_of(*, account_id: UUID | None = None, member_id: UUID | None = None) -> UUID | None:
    """The home of the person tied to an account or a member now."""
    person_id = person_of(account_id=account_id, member_id=member_id)
    return Person.objects.filter(id=person_id).values_list("home_id", flat=True).first() if person_id else None


def links_of(person_ids: Iterable[UUID]) -> list[Link]:
    """The ties in force of these people, in one query."""
    return list(Link.objects.filter(person_id__in=list(person_ids), ends_at=None).order_by("id"))
