"""Word search in orders, answered by each database's own index over our tokens (migrations/0002_search.py): FTS5 on
SQLite, GIN on PostgreSQL. All words must be there. An order's places stand among its tokens, so that the index itself
narrows a search to the searcher's area; the order's own columns still decide (selectors.py)."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Lookup
from django.db.models.expressions import RawSQL

from linli.language import query_tokens
from linli.orders.models import OrderText


class Match(Lookup):
    """`search__tokens__match="电梯 修好"`; tokens joined by spaces, as `words` makes them (letters, digits, Han only)."""

    lookup_name = "match"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        table = self.lhs.alias
        return (
            f'"{table}"."id" IN (SELECT rowid FROM orders_text_fts WHERE orders_text_fts MATCH %s)',  # noqa: S608
            [_fts(str(self.rhs))],
        )

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"array_to_tsvector(string_to_array({lhs}, ' ')) @@ %s::tsquery", (*params, _tsquery(str(self.rhs)))


OrderText._meta.get_field("tokens").register_lookup(Match)


def _fts(tokens: str) -> str:
    return " ".join(f'"{token}"' for token in tokens.split())


def _tsquery(tokens: str) -> str:
    return " & ".join(f"'{token}'" for token in tokens.split())


def words(text: str) -> str:
    """What to match for a person's words; "" when they hold nothing to look for."""
    return " ".join("".join(c for c in token if c.isalnum()) for token in query_tokens(text)[:12]).strip()


def place(area_id: UUID | None) -> str:
    """The token of a place; "" for none."""
    return f"p{area_id.hex}" if area_id else ""


def newest(tokens: str, most: int, before: int | None = None) -> RawSQL:
    """A subquery of the newest OrderText ids that match, at most `most`, older than `before`: the index is read from its
    end and left as soon as there are enough, however many orders hold the words."""
    if connection.vendor == "sqlite":
        older = " AND rowid < %s" if before else ""
        sql = f"SELECT rowid FROM orders_text_fts WHERE orders_text_fts MATCH %s{older} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        return RawSQL(sql, [_fts(tokens), *([before] if before else []), most])  # noqa: S611
    older = " AND id < %s" if before else ""
    sql = (
        "SELECT id FROM orders_ordertext WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ %s::tsquery"  # noqa: S608
        f"{older} ORDER BY id DESC LIMIT %s"
    )
    return RawSQL(sql, [_tsquery(tokens), *([before] if before else []), most])  # noqa: S611
