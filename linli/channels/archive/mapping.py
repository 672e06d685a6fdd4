"""Which column means what: guessed from the headings, put right by a person, saved by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from linli.channels.archive import headers
from linli.channels.archive.headers import JOINED, TARGETS
from linli.kernel.errors import BadInput
from linli.language import normalise
from linli.standards import selectors as standards

#: what the name of a sheet may stand for
SHEETS = {"": "没有用", "community": "社区", "place": "楼栋或地点", "kind": "种类"}
MOST_KINDS = 200


@dataclass(slots=True)
class Columns:
    """`columns`: target → labels of its columns. `sheet`: what the name of a sheet means (SHEETS). `kinds`: what the file calls a
    kind → our code. `community`: the id of the one that all rows belong to where no column says it."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    sheet: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    community: str = ""

    def data(self) -> dict[str, Any]:
        """As it is saved."""
        return asdict(self)

    def missing(self) -> list[str]:
        """What no row can do without, in Chinese."""
        found = [TARGETS[t] for t in ("opened_at", "words") if not self.columns.get(t)]
        if not self.columns.get("community") and not self.community and self.sheet != "community":
            found.append(TARGETS["community"])
        return found


def parse(data: Any) -> Columns:
    """From what was saved, sent by a form or written into a file. Raises BadInput, saying what is wrong."""
    if not isinstance(data, Mapping) or not isinstance(data.get("columns", {}), Mapping):
        raise BadInput("对照表的格式不对。", "bad_mapping")
    columns: dict[str, list[str]] = {}
    for target, labels in data.get("columns", {}).items():
        if target not in TARGETS:
            raise BadInput(f"对照表里有不认识的项目“{str(target)[:24]}”，认识的有：{'、'.join(TARGETS)}。", "bad_mapping")
        named = [labels] if isinstance(labels, str) else list(labels)
        if len(named) > 1 and target not in JOINED:
            raise BadInput(f"“{TARGETS[target]}”只能对应一列。", "two_columns")
        if named:
            columns[target] = [str(label) for label in named]
    sheet, kinds = data.get("sheet", ""), data.get("kinds", {})
    if sheet not in SHEETS or not isinstance(kinds, Mapping):
        raise BadInput("对照表的格式不对。", "bad_mapping")
    known = standards.kinds()
    if wrong := [c for c in kinds.values() if c and c not in known]:
        raise BadInput(f"没有这一类事项：{str(wrong[0])[:24]}。", "unknown_kind")
    community = str(data.get("community", "") or "")
    try:
        community = str(UUID(community)) if community else ""
    except ValueError as exc:
        raise BadInput("没有这个社区。", "bad_area") from exc
    return Columns(columns, sheet, {normalise(k): v for k, v in kinds.items() if v}, community)


def guess(found: Iterable[headers.Header], names: Sequence[str], communities: Iterable[str]) -> Columns:
    """What the headings and the names of the sheets (`names`) seem to mean, to be looked at by a person."""
    columns: dict[str, list[str]] = {}
    for header in found:
        for label in header.labels:
            target = headers.guess(label) if label else ""
            if target and label not in columns.get(target, []) and (target in JOINED or target not in columns):
                columns.setdefault(target, []).append(label)
    known = {normalise(c).removesuffix("社区").removesuffix("村") for c in communities}
    sheet = ""
    if "community" not in columns and names and all(normalise(n).removesuffix("社区").removesuffix("村") in known for n in names):
        sheet = "community"
    elif len(names) > 1 and all(any(c in n for c in "楼栋幢座弄苑园里") for n in names):
        sheet = "place"
    return Columns(columns, sheet)


def kind_codes(texts: Iterable[str]) -> dict[str, str]:
    """What each text of a file's column of kinds is with us, where it says the same: 报修, 卫生, 卫生类; "" else."""
    labels = {k.label: k.code for k in standards.kinds().values()}
    return {t: labels.get(t) or labels.get(t.removesuffix("类").removesuffix("问题").removesuffix("类")) or "" for t in texts}
