"""What stands on each blank, field by field; what was typed made clean; two entries compared."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.accounts.actions import clean_phone
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.errors import BadInput
from linli.kernel.roles import Role

LINES = 8
TEXT, LONG, BUILDING, DEPUTY, PHONE = "text", "long", "building", "deputy", "phone"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a sheet. `most`: characters; `line`: 1…8 on the inspection sheet, 0 elsewhere."""

    name: str
    label: str
    kind: str = TEXT
    most: int = 80
    line: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A blank: its code, what people call it, and its fields in the order of the paper."""

    code: str
    label: str
    hint: str
    fields: tuple[Field, ...]


def _line(n: int) -> tuple[Field, ...]:
    return (
        Field(f"building-{n}", "楼栋", BUILDING, line=n), Field(f"place-{n}", "在哪儿", line=n),
        Field(f"words-{n}", "发现什么问题", LONG, 300, line=n),
    )  # fmt: skip


WHERE = (Field("building", "楼栋", BUILDING), Field("place", "在哪儿"))
FORMS = {
    f.code: f
    for f in (
        Form("slip", "居民事项登记单", "来窗口的居民自己填，撕下回执带走", (
            Field("name", "怎么称呼", most=32), Field("phone", "电话", PHONE, 20), *WHERE, Field("words", "要反映的事", LONG, 2000),
        )),
        Form("inspection", "每周巡查表", f"下楼巡查时带着，一行写一个问题，最多 {LINES} 个",
             (Field("name", "巡查人", most=32), *(f for n in range(1, LINES + 1) for f in _line(n)))),
        Form("deputy", "代表意见表", "人大代表手写的意见", (
            Field("deputy", "哪位代表", DEPUTY), Field("thing", "什么事（几个字）", most=32), *WHERE,
            Field("words", "居民怎么说、代表的建议", LONG, 2000),
        )),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people typed differently."""

    field: Field
    first: str
    second: str


def form(code: str) -> Form:
    """One form. Raises BadInput."""
    if code not in FORMS:
        raise BadInput("请选是哪一种单子。", "no_form")
    return FORMS[code]


def choices(area: Area) -> dict[str, dict[str, str]]:
    """What may be chosen in a field of a kind: {kind: {value: words}}."""
    return {
        BUILDING: {str(b.id): f"{b.estate}{b.name}" for b in places.buildings(area.id)},
        DEPUTY: {str(i): name for i, name in sorted(accounts.active_names(places.holders(Role.DEPUTY)).items())},
    }  # fmt: skip


def clean(wanted: Form, typed: Mapping[str, str], area: Area) -> dict[str, str]:
    """What was typed, trimmed, empty fields left out. Raises BadInput in plain words for what no order can be made of."""
    known, out = choices(area), {}
    for field in wanted.fields:
        value = typed.get(field.name, "").replace("\x00", "").replace("\r\n", "\n").strip()
        if len(value) > field.most:
            raise BadInput(f"{told(field)}最多 {field.most} 个字，现在有 {len(value)} 个。", "too_long")
        if value and field.kind in known and value not in known[field.kind]:
            raise BadInput(f"请在名单里选{told(field)}。", "no_choice")
        if value:
            out[field.name] = clean_phone(value) if field.kind == PHONE else value
    _complete(wanted, out)
    return out


def _complete(wanted: Form, out: Mapping[str, str]) -> None:
    if wanted.code == "inspection":
        lines = lines_of(out)
        if not lines:
            raise BadInput("请至少录一行。", "empty")
        for n in lines:
            if f"words-{n}" not in out:
                raise BadInput(f"第 {n} 行还没有写发现什么问题。", "missing_words")
            if f"building-{n}" not in out and f"place-{n}" not in out:
                raise BadInput(f"第 {n} 行请选楼栋，或者写在哪儿。", "no_place")
        return
    if wanted.code == "deputy" and "deputy" not in out:
        raise BadInput("请选是哪位代表的意见。", "missing_deputy")
    if wanted.code == "deputy" and "thing" not in out:
        raise BadInput("请用几个字写明是什么事。", "missing_thing")
    if "words" not in out:
        raise BadInput("请照着单子写写是什么事。", "missing_words")
    if "building" not in out and "place" not in out:
        raise BadInput("请选楼栋，或者写在哪儿。", "no_place")


def lines_of(entry: Mapping[str, str]) -> list[int]:
    """The lines of an inspection sheet that are not empty."""
    return [n for n in range(1, LINES + 1) if any(f"{part}-{n}" in entry for part in ("building", "place", "words"))]


def told(field: Field) -> str:
    """The field's name in a sentence."""
    return f"第 {field.line} 行的{field.label}" if field.line else field.label


def compare(wanted: Form, first: Mapping[str, str], second: Mapping[str, str]) -> list[Difference]:
    """The fields that differ, in the order of the paper; spaces, widths and a last full stop are no difference."""
    return [
        Difference(f, first.get(f.name, ""), second.get(f.name, ""))
        for f in wanted.fields
        if _bare(first.get(f.name, "")) != _bare(second.get(f.name, ""))
    ]


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.")


def building_id(entry: Mapping[str, str], line: int = 0) -> UUID | None:
    """The building that was chosen (in a line)."""
    value = entry.get(f"building-{line}" if line else "building")
    return UUID(value) if value else None
