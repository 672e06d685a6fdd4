"""REST of sensors: gateways hand readings in with a machine's key."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from linli.channels.sensors import actions
from linli.channels.sensors.actions import MOST_READINGS, Reading
from linli.kernel.rest import PROBLEMS, actor

router = Router(tags=["sensors"])
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class ReadingIn(Schema):
    """What one device said at one moment: a value in its kind's unit, or its own alarm flag, or both."""

    device: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,40}$")
    at: AwareDatetime
    value: float | None = Field(None, allow_inf_nan=False)
    alarm: bool = False


class Readings(Schema):
    """A batch, in any order."""

    readings: list[ReadingIn] = Field(min_length=1, max_length=MOST_READINGS)


class RefusedOut(Schema):
    """A reading that was not taken; why: unknown (no such device for this key), ahead (from the future), behind (over 30 days)."""

    device: str
    why: str


class TakenOut(Schema):
    """What became of the batch; `opened`: how many orders it opened."""

    new: int
    known: int
    refused: list[RefusedOut]
    opened: int


def _moment(at: datetime) -> datetime:
    # A year that UTC cannot hold is long ago or far ahead all the same.
    return at if at.year < LONG_AGO.year or at.year > 9000 else at.astimezone(UTC)


@router.post("/sensors/readings", response={200: TakenOut, **PROBLEMS}, operation_id="take_readings")
def take_readings(request: HttpRequest, body: Readings) -> dict[str, Any]:
    """Takes readings of devices in, up to 500; the same ones again change nothing (by device and time)."""
    rows = [Reading(r.device, _moment(r.at), r.value, r.alarm) for r in body.readings]
    taken = actions.take_readings(by=actor(request), readings=rows)
    return {
        "new": taken.new, "known": taken.known, "refused": [{"device": d, "why": why} for d, why in taken.refused],
        "opened": len(taken.orders),
    }  # fmt: skip
