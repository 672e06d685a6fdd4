"""Word search in orders, answered by each database's own index over our tokens (migrations/0002_search.py): FTS5 on
SQLite, GIN on PostgreSQL. All words must be there. The tokens are blind (a keyed hash of each, sorted): the index tells
which orders hold equal words, never which words. An order's places stand among its tokens in clear, so that the index
itself narrows a search to the searcher's area; the order's own columns still decide (selectors.py)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Lookup
from django.db.models.expressions import RawSQL

from linli.kernel import crypto
from linli.language import query_tokens, search_tokens
from linli.orders.models import OrderText

MOST = 1000
"""Of so many different tokens an order is found, not of more."""


class Match(Lookup):
    """`search__tokens__match=words("电梯 修好")`; blind tokens and places joined by spaces."""

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


def _fts(wanted: str) -> str:
    return " ".join(f'"{token}"' for token in wanted.split())


def _tsquery(wanted: str) -> str:
    return " & ".join(f"'{token}'" for token in wanted.split())


@lru_cache(maxsize=32_768)
def _blind(ring: crypto.KeyRing, token: str) -> str:
    # The words that people use are few: most tokens of a message were met before.
    return ring.blind(token)


def _stored(tokens: Iterable[str]) -> str:
    """Places first; the others in the order of their hashes, which tells nothing of the order they were said in."""
    known = list(dict.fromkeys(tokens))
    return " ".join([*(t for t in known if t[0] == "p"), *sorted([t for t in known if t[0] != "p"][:MOST])])


def tokens(text: str, *places: UUID | None) -> str:
    """What is stored for a text, and for the places it is of."""
    ring = crypto.ring()
    return _stored([*(place(p) for p in places if p), *(_blind(ring, t) for t in search_tokens(text))])


def merged(*stored: str) -> str:
    """What several rows hold together; the first ones' stay when there are too many."""
    return _stored(t for s in stored for t in s.split())


def words(text: str) -> str:
    """What to match for a person's words; "" when they hold nothing to look for."""
    ring = crypto.ring()
    return " ".join(_blind(ring, token) for token in query_tokens(text)[:12])


def place(area_id: UUID | None) -> str:
    """The token of a place, which no hash begins like; "" for none."""
    return f"p{area_id.hex}" if area_id else ""


def newest(wanted: str, most: int, before: int | None = None) -> RawSQL:
    """A subquery of the newest OrderText ids that match, at most `most`, older than `before`: the index is read from its
    end and left as soon as there are enough, however many orders hold the words."""
    if connection.vendor == "sqlite":
        older = " AND rowid < %s" if before else ""
        sql = f"SELECT rowid FROM orders_text_fts WHERE orders_text_fts MATCH %s{older} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        return RawSQL(sql, [_fts(wanted), *([before] if before else []), most])  # noqa: S611
    older = " AND id < %s" if before else ""
    sql = (
        "SELECT id FROM orders_ordertext WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ %s::tsquery"  # noqa: S608
        f"{older} ORDER BY id DESC LIMIT %s"
    )
    return RawSQL(sql, [_tsquery(wanted), *([before] if before else []), most])  # noqa: S611
