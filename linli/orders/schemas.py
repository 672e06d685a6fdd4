"""What goes in and out of the orders' REST. An order goes out without its reporter; times are UTC."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.rest import PROBLEMS


class OrderOut(Schema):
    """An order without its reporter. Times are UTC."""

    id: UUID
    number: str
    state: str
    kind: str
    category: str
    title: str
    place_text: str
    light: str
    urgency: int
    confidential: bool
    history: bool
    ending: str
    clause: str
    procedure: str
    procedure_version: int
    step: str
    way: str
    line: str
    parent_id: UUID | None
    relation: str
    waits_for: str
    waits_until: datetime | None
    level: int
    warning: int
    street_id: UUID
    community_id: UUID
    grid_id: UUID | None
    building_id: UUID | None
    responsible_id: UUID | None
    opened_at: datetime
    due_at: datetime | None
    answer_due_at: datetime | None
    solve_due_at: datetime | None
    answered_at: datetime | None
    answered_in_time: bool | None
    handled_at: datetime | None
    solved_in_time: bool | None
    closed_at: datetime | None
    voice_count: int
    reopened: int
    satisfied: int
    so_so: int
    unsolved: int
    not_reached: int


class OrderPage(Schema):
    """One page of a list; `next` goes into `after` for the page behind it, "" at the end."""

    items: list[OrderOut]
    next: str


class EventOut(Schema):
    """One step of an order. Nobody's words, and of residents only that it was one: the reporter is sealed."""

    id: UUID
    at: datetime
    verb: str
    by_kind: str
    by_id: UUID | None
    facts: dict[str, Any]


class VoiceOut(Schema):
    """One opened voice; name, home and number are masked for who does not work on the order."""

    id: UUID
    name: str
    home: str
    phone: str
    words: str
    door: str
    rating: str
    removed: bool
    behalf: bool
    at: datetime


class NewVoice(Schema):
    """Somebody who says the same thing."""

    words: str = Field(min_length=1, max_length=2000)
    name: str = Field("", max_length=32)
    phone: str = Field("", max_length=20)


def _here(field: str) -> dict[str, Any]:
    return {"required": [field], "properties": {field: {"type": "string", "format": "uuid"}}}


def of_place() -> Any:
    """The schema says what validation cannot: a building or a community has to be given."""
    return {"json_schema_extra": {"anyOf": [_here("building_id"), _here("community_id")]}}


class NewOrder(NewVoice):
    """One word taken in for somebody; with a `procedure`, what a colleague brings by herself (`name` or `phone`: somebody
    waits for it). Give a building or a community; `key` makes the call idempotent. `line`: whose line of duty it is, one that
    somebody serves at the place."""

    model_config = of_place()

    kind: str = Field(max_length=24)
    community_id: UUID | None = None
    building_id: UUID | None = None
    unit: str = Field("", max_length=16)
    thing: str = Field("", max_length=32)
    urgency: int = Field(0, ge=0, le=2)
    procedure: str = Field("", max_length=32)
    line: str = Field("", max_length=24)
    key: str | None = Field(None, max_length=64)


class Words(Schema):
    """What the person on duty writes."""

    words: str = Field(max_length=2000)


class Removal(Words):
    """Why, and whether what was said becomes an order of its own."""

    own: bool = True


class HandOver(Schema):
    """To whom, and why (a transfer needs the reason)."""

    to: UUID
    words: str = Field("", max_length=2000)


class Result(Words):
    """The result: "done", an honest "no", or "not_ours"."""

    ending: str = "done"


class Correction(Schema):
    """What was misunderstood; what is left out stays."""

    kind: str | None = Field(None, max_length=24)
    category: str | None = Field(None, max_length=16)
    thing: str | None = Field(None, max_length=32)
    building_id: UUID | None = None
    unit: str | None = Field(None, max_length=16)
    place: str | None = Field(None, max_length=80, description="where it is, when it is in no building")


class Rated(Schema):
    """satisfied, so_so, unsolved or not_reached; `how`: page, spoken, phone or counter."""

    rating: str = Field(max_length=12)
    how: Literal["spoken", "phone", "counter", "page"] = "phone"
    words: str = Field("", max_length=2000)


class Purpose(Schema):
    """Why the voices are opened: contact, verify, visit or rating."""

    purpose: str = Field(max_length=16)


ONE: dict[Any, Any] = {200: OrderOut, **PROBLEMS}
