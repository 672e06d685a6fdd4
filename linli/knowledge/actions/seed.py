"""The entries that come with the product, one file for each field of life (data/entries/*.csv)."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.knowledge import index
from linli.knowledge.models import Entry

FILES = Path(__file__).resolve().parent.parent / "data" / "entries"


def shipped() -> list[dict[str, str]]:
    """All rows of the seed files, by file and line."""
    rows = []
    for path in sorted(FILES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            rows += list(csv.DictReader(handle))
    return rows


def shipped_choices(row: dict[str, str]) -> list[list[str]]:
    """有单位=medical_join_work|没单位=medical_join → [["有单位", "medical_join_work"], …]"""
    pairs = [pair.partition("=") for pair in (row.get("choices") or "").split("|") if pair]
    return [[label.strip(), code.strip()] for label, _, code in pairs]


@transaction.atomic
def seed_entries(*, by: Actor) -> int:
    """Load what is not there yet; what an adopter changed stays. Returns how many are new."""
    have = set(Entry.objects.values_list("code", flat=True))
    now = clock.wall()
    new = [
        Entry(
            code=r["code"], question=r["question"], wordings=[w for w in r["wordings"].split("|") if w], answer=r["answer"],
            source=r["source"], article=r["article"], edition=r["edition"], department=r["department"], updated_at=now,
            read_on=date.fromisoformat(r["read_on"]) if r["read_on"] else None, choices=shipped_choices(r),
        )
        for r in shipped() if r["code"] not in have
    ]  # fmt: skip
    Entry.objects.bulk_create(new, batch_size=500)
    index.forget()
    return len(new)
