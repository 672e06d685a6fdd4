"""Many rows at once, faster than the ORM does it on the intake path: INSERT by COPY, one UPDATE with different values."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models
from psycopg import _queries

#: What psycopg made of a statement's placeholders it keeps for statements of up to 50 of them, as an ORM writes longer ones in ever
#: new shapes. Ours, an order with its voice, clocks and words, has 120 and always the same: reading it anew took 0.2 ms of each.
_queries.MAX_CACHED_STATEMENT_PARAMS = 200

M = TypeVar("M", bound=models.Model)
FEW = 4
"""Up to so many rows one INSERT is quicker than the round trips of a COPY."""
#: fields whose Python value PostgreSQL's driver takes as it stands
_PLAIN = (
    models.CharField, models.TextField, models.UUIDField, models.DateTimeField, models.DateField, models.BooleanField, models.IntegerField,
    models.ForeignKey,
)  # fmt: skip


def insert_rows(*groups: Sequence[models.Model]) -> None:
    """Insert new rows, each group of one model; they are then as saved ones. A database-made primary key is left empty.

    Costs a third of `bulk_create` (PostgreSQL: COPY, SQLite: executemany); few rows of several models go to PostgreSQL in
    one statement. Raises IntegrityError as `bulk_create` does; then nothing stays if the caller's transaction is undone.
    """
    some = [g for g in groups if g]
    few = [g for g in some if len(g) < FEW]
    with connection.cursor() as cursor:
        if few and connection.vendor == "postgresql":
            # Keys between the tables are checked at the end of the statement, whatever the order of its parts.
            parts = [_values(g) for g in few]
            head = ", ".join(f"i{n} AS ({text})" for n, (text, _) in enumerate(parts[:-1]))
            cursor.execute(f"WITH {head} {parts[-1][0]}" if head else parts[-1][0], [v for _, p in parts for v in p])
            some = [g for g in some if len(g) >= FEW]
        for group in some:
            columns, into, _ = _columns(type(group[0]), connection.vendor)
            if connection.vendor == "postgresql":
                _copy(cursor, into.replace("INSERT INTO", "COPY"), _prepared(group))
            else:
                cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(columns))})", _prepared(group))
    for group in groups:
        for row in group:
            row._state.adding, row._state.db = False, connection.alias


def insert_returning(rows: Sequence[M]) -> Sequence[M]:
    """Insert rows of a model whose primary key the database makes; they come back with it. One statement."""
    text, values = _values(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{text} RETURNING {connection.ops.quote_name(str(rows[0]._meta.pk.column))}", values)
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, connection.alias
    return rows


def _values(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    columns, into, _ = _columns(type(rows[0]), connection.vendor)
    one = f"({', '.join(['%s'] * len(columns))})"
    return f"{into} VALUES {', '.join([one] * len(rows))}", [v for values in _prepared(rows) for v in values]


def _prepared(rows: Sequence[models.Model]) -> list[list[Any]]:
    """The rows' values as the driver takes them."""
    columns, _, dull = _columns(type(rows[0]), connection.vendor)
    found: list[list[Any]] = []
    for row in rows:
        held = row.__dict__
        values = [held[name] for name in columns]
        for n, field in dull:
            values[n] = field.get_db_prep_save(values[n], connection)
        found.append(values)
    return found


@lru_cache(maxsize=256)
def _columns(model: type[models.Model], vendor: str) -> tuple[tuple[str, ...], str, tuple[tuple[int, models.Field], ...]]:
    """(attributes, "INSERT INTO table (columns)", the fields whose values have to be prepared, by position)."""
    quote = connection.ops.quote_name
    fields: list[Any] = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField | models.BigAutoField)]
    dull = tuple((n, f) for n, f in enumerate(fields) if vendor != "postgresql" or not _as_it_stands(f))
    names = ", ".join(quote(f.column) for f in fields)
    return tuple(f.attname for f in fields), f"INSERT INTO {quote(model._meta.db_table)} ({names})", dull


def _as_it_stands(field: models.Field) -> bool:
    # A subclass of ours may seal or change its values.
    return isinstance(field, _PLAIN) and type(field).get_db_prep_save in _THEIRS and type(field).get_prep_value in _THEIRS


_THEIRS = {getattr(f, name) for f in (*_PLAIN, models.Field) for name in ("get_db_prep_save", "get_prep_value")}


def _copy(cursor: Any, command: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.wrap_database_errors, cursor.copy(f"{command} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]], guard: str = "") -> int:
    """Set `fields` of the rows named by primary key: each row is (pk, value, value, …). Returns how many changed.

    guard: a condition on the table's columns that must still hold, e.g. "state = 0"; constant text of the code only.
    Works on SQLite (≥3.33) and PostgreSQL; Django's bulk_update builds a CASE per column and costs ten times more. Call
    it with at most some hundred rows.
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
