"""One answer in the two formats of GeoReport v2: JSON lists of objects, and XML with a plural root."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse

from linli.kernel.errors import LinliError

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
#: what a list within an answer calls its members, in XML
MEMBERS = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}


def _clean(text: str) -> str:
    """XML 1.0 knows no control characters but tab and line ends, nor half a surrogate pair."""
    return "".join(c for c in text if c in "\t\n\r" or (" " <= c and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))


def _grow(parent: ElementTree.Element, name: str, value: Any) -> None:
    node = ElementTree.SubElement(parent, name)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _grow(node, key, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _grow(node, MEMBERS.get(name, "item"), inner)
    elif value is not None:
        node.text = ("true" if value else "false") if isinstance(value, bool) else _clean(str(value))


def xml(root: str, member: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """`<root><member>…</member>…</root>`; with member "" the one row is the root itself."""
    top = ElementTree.Element(root)
    for row in rows:
        if member:
            _grow(top, member, row)
        else:
            for key, value in row.items():
                _grow(top, key, value)
    return ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)


def answer(fmt: str, root: str, member: str, rows: Sequence[Mapping[str, Any]], status: int = 200) -> HttpResponse:
    """The rows in the wanted format; a single object where member is ""."""
    if fmt == "xml":
        body = xml(root, member, rows)
    else:
        body = json.dumps(list(rows) if member else rows[0], ensure_ascii=False).encode()
    return HttpResponse(body, content_type=TYPES[fmt], status=status)


def failure(fmt: str, status: int, message: str) -> HttpResponse:
    """GeoReport's error: the HTTP status as its code, and why in plain words."""
    return answer(fmt, "errors", "error", [{"code": status, "description": message}], status)


def refused(fmt: str, exc: LinliError) -> HttpResponse:
    """A typed error; what somebody may not do is 403 as GeoReport has it."""
    return failure(fmt, exc.status, exc.message)
