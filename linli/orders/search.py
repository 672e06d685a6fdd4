"""Word search in orders: one lookup, `search__tokens__match="电梯 修好"`, that each database answers with its own index
(migrations/0002_search.py): FTS5 on SQLite, a GIN index on the same tokens on PostgreSQL. All words must be there."""

from typing import Any

from django.db.models import Lookup

from linli.language import query_tokens
from linli.orders.models import OrderText


class Match(Lookup):
    """`value`: tokens joined by spaces, as `words` makes them (letters, digits and Han characters only)."""

    lookup_name = "match"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        table = self.lhs.alias
        query = " ".join(f'"{token}"' for token in str(self.rhs).split())
        return (
            f'"{table}"."id" IN (SELECT rowid FROM orders_text_fts WHERE orders_text_fts MATCH %s)',  # noqa: S608
            [query],
        )

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        lhs, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{token}'" for token in str(self.rhs).split())
        return f"array_to_tsvector(string_to_array({lhs}, ' ')) @@ %s::tsquery", [*params, query]


OrderText._meta.get_field("tokens").register_lookup(Match)


def words(text: str) -> str:
    """What to match for a person's words; "" when they hold nothing to look for."""
    return " ".join("".join(c for c in token if c.isalnum()) for token in query_tokens(text)[:12]).strip()
