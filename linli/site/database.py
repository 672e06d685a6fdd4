"""DATABASE_URL → Django's DATABASES entry."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as a server's database: write-ahead log, full sync, writers queue at BEGIN instead of failing later."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
        },
        # The last connection that closes writes the whole log back: keep them open between requests.
        "CONN_MAX_AGE": 600,
    }


def parse(url: str, var: Path) -> dict[str, Any]:
    """Raises ValueError for a scheme that is not postgres, postgresql or sqlite."""
    if not url:
        return sqlite(var / "linli.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgres:// or sqlite://")
    query = {k: v[0] for k, v in parse_qs(parts.query).items()}
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": _prepared(query)} | query,
    }


def _prepared(query: dict[str, str]) -> int | None:
    """After so many uses a statement is prepared on the server; `?prepare_threshold=0`: never, as old poolers need it."""
    return int(query.pop("prepare_threshold", 5)) or None


def driver_arguments(entry: dict[str, Any]) -> dict[str, Any]:
    """A PostgreSQL DATABASES entry as the bare driver wants it, without what only Django's layer knows."""
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    own = {k: v for k, v in entry.get("OPTIONS", {}).items() if k not in ("server_side_binding", "prepare_threshold")}
    return {k: entry[v] for k, v in names.items() if entry.get(v)} | own
