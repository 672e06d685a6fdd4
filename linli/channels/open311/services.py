"""Services are the kinds from which people choose; what each asks for beside the words."""

from typing import Any

from linli.kernel.errors import NotFound
from linli.standards import selectors as standards
from linli.standards.models import Kind
from linli.standards.seed import CATEGORY_LABELS

#: GeoReport lets a service ask for more; ours all ask the same two, neither of them required
ATTRIBUTES: tuple[dict[str, Any], ...] = (
    {"code": "thing", "description": "什么东西（电梯、路灯……）", "datatype": "string", "max": 32},
    {"code": "unit", "description": "单元", "datatype": "string", "max": 16},
)


def services() -> list[dict[str, Any]]:
    """All services, in the order in which the kinds are listed."""
    return [
        {
            "service_code": k.code, "service_name": k.label, "description": _description(k), "metadata": True,
            "type": "realtime", "keywords": "", "group": CATEGORY_LABELS.get(k.category, k.category),
        }
        for k in standards.listed_kinds()
    ]  # fmt: skip


def _description(kind: Kind) -> str:
    return f"{kind.label}类事项。{'内容保密，不会对外公开。' if kind.confidential else ''}"


def service(code: str) -> Kind:
    """The kind of that code, among those from which people choose. Raises NotFound."""
    found = next((k for k in standards.listed_kinds() if k.code == code), None)
    if found is None:
        raise NotFound("没有这项服务（service_code）。")
    return found


def definition(code: str) -> dict[str, Any]:
    """What may be said beside the words. Raises NotFound."""
    service(code)
    return {
        "service_code": code,
        "attributes": [
            {
                "variable": True, "code": a["code"], "datatype": a["datatype"], "required": False,
                "datatype_description": f"最多 {a['max']} 个字", "order": place, "description": a["description"], "values": [],
            }
            for place, a in enumerate(ATTRIBUTES, 1)
        ],
    }  # fmt: skip
