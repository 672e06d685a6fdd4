"""One canonical form of a row on both databases, and the fingerprint of a table.

A row is the JSON list of its values as text, columns by name; a table's fingerprint is the SHA-256 of its number of rows
and the sum of the rows' SHA-512: it needs no order and no memory, and tells every accident (it is no proof against a
forger who can also rewrite the manifest). Sealed values are hashed as they lie: no key is needed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

TEXT, SEALED = "text", "sealed"
Columns = dict[str, str]  # column name → kind, in the order of the names
Raw = Sequence[Any]  # one row: as sqlite3 gives it, or the texts of a PostgreSQL COPY

POSTGRES_TYPES = {
    "uuid": "uuid", "timestamp with time zone": "moment", "date": "date", "time without time zone": "time",
    "boolean": "bool", "smallint": "int", "integer": "int", "bigint": "int", "double precision": "float",
    "jsonb": "json", "bytea": "bytes",
}  # fmt: skip
SQLITE_TYPES = {
    "char(32)": "uuid", "datetime": "moment", "date": "date", "time": "time", "bool": "bool", "real": "float",
    "blob": "bytes",
}  # fmt: skip
_WHOLE = re.compile(r"^(small|big)?int(eger)?( unsigned)?$")


def sqlite_kind(declared: str, is_json: bool) -> str:
    """The kind of a column by the type that Django declares on SQLite."""
    if is_json:
        return "json"
    declared = declared.lower()
    return "int" if _WHOLE.match(declared) else SQLITE_TYPES.get(declared, TEXT)


def _moment(value: str) -> str:
    if value[-3:] != "+00" and ("+" in value[19:] or "-" in value[19:]):
        value = datetime.fromisoformat(value).astimezone(UTC).isoformat(" ").removesuffix("+00:00")
    value = value.removesuffix("+00")
    return value.ljust(26, "0") if "." in value else value + ".000000"


def _time(value: str) -> str:
    return value.ljust(15, "0") if "." in value else value + ".000000"


def _json(value: str) -> str:
    if value in ("{}", "[]"):
        return value
    return json.dumps(json.loads(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _bytes(value: bytes | str) -> str:
    return value.hex() if isinstance(value, bytes) else value.removeprefix("\\x")


FORMS: dict[str, Callable[[Any], str]] = {
    "uuid": lambda v: v.replace("-", "").lower(),
    "moment": _moment,
    "date": str,
    "time": _time,
    "bool": lambda v: "1" if v in (1, "t", "1") else "0",
    "int": str,
    "float": lambda v: repr(float(v)),
    "json": _json,
    "bytes": _bytes,
    TEXT: str,
    SEALED: str,
}


@dataclass
class TableSum:
    """Rows go in in any order; `fingerprint` tells what went in. `samples`: one sealed value for each key id seen."""

    columns: Columns
    rows: int = 0
    samples: dict[str, str] = field(default_factory=dict)
    _sum: int = 0

    def add_all(self, rows: Iterable[Raw]) -> None:
        """Take in rows whose values stand in the order of `columns`."""
        forms = [FORMS[kind] for kind in self.columns.values()]
        sealed = [i for i, kind in enumerate(self.columns.values()) if kind == SEALED]
        dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        for row in rows:
            values = [None if v is None else form(v) for form, v in zip(forms, row, strict=True)]
            for i in sealed:
                if value := values[i]:
                    self.samples.setdefault(value.partition(":")[0], value)
            line = dump(values).encode("utf-8", "surrogatepass")
            self._sum += int.from_bytes(hashlib.sha512(line).digest(), "big")
            self.rows += 1
        self._sum %= 1 << 512

    def fingerprint(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(self.rows.to_bytes(8, "big") + self._sum.to_bytes(64, "big")).hexdigest()


_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def copy_line(line: str) -> list[str | None]:
    """The values of one line of PostgreSQL's COPY text, without its line end."""
    values: list[str | None] = []
    for value in line.split("\t"):
        if value == "\\N":
            values.append(None)
        elif "\\" in value:
            values.append(_ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[1]), value))
        else:
            values.append(value)
    return values
