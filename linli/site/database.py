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
        "OPTIONS": query,
    }
