"""One UPDATE for many rows with different values; Django's bulk_update builds a CASE per column and costs ten times more
on the intake path."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]], guard: str = "") -> int:
    """Set `fields` of the rows named by primary key: each row is (pk, value, value, …). Returns how many changed.

    guard: a condition on the table's columns that must still hold, e.g. "state = 0"; constant text of the code only.
    Works on SQLite (≥3.33) and PostgreSQL. Call it with at most some hundred rows.
    """
    if not rows:
        return 0
    meta = model._meta
    columns = [meta.pk, *(meta.get_field(f) for f in fields)]
    postgres = connection.vendor == "postgresql"
    quote = connection.ops.quote_name

    def cast(n: int) -> str:
        value = f"v.column{n + 1}"
        return f"CAST({value} AS {columns[n].db_type(connection)})" if postgres else value  # type: ignore[union-attr, arg-type]

    sets = ", ".join(f"{quote(c.column)} = {cast(n)}" for n, c in enumerate(columns) if n)  # type: ignore[union-attr, arg-type]
    values = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(rows))
    table = quote(meta.db_table)
    where = f"{table}.{quote(meta.pk.column)} = {cast(0)}" + (f" AND {table}.{guard}" if guard else "")  # type: ignore[union-attr, arg-type]
    params = [c.get_db_prep_save(value, connection) for row in rows for c, value in zip(columns, row, strict=True)]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        # Only names from the models and our own constants are in the text; every value is a parameter.
        cursor.execute(f"UPDATE {table} SET {sets} FROM (VALUES {values}) AS v WHERE {where}", params)  # noqa: S608
        return cursor.rowcount
