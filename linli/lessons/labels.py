"""Chinese names of the classes and plain words for what became of a training."""

import json
from functools import lru_cache

from linli.language.lexicon import DATA
from linli.lessons.models import Example, ModelVersion

HEADS = {"intent": "说的是什么话", "kind": "哪一种事", "category": "哪一类民情"}
NONE = "没听出来"
SOURCES = {
    Example.ASK: "小栖拿不准，问了本人", Example.RELAY: "转微信群时改了勾", Example.CORRECT: "工单上更正了", Example.CONFIRM: "工单上确认了",
}  # fmt: skip
STATES = {
    ModelVersion.TRAINING: "正在学", ModelVersion.PROMOTED: "比原来不差，换上了", ModelVersion.REFUSED: "有变差的地方，没有换",
    ModelVersion.FAILED: "没学成",
}  # fmt: skip


@lru_cache(maxsize=1)
def names() -> dict[str, dict[str, str]]:
    """{head: {code: Chinese name}} from the taxonomy."""
    taxonomy = json.loads((DATA / "taxonomy.json").read_text(encoding="utf-8"))
    heads = {"intent": "intents", "kind": "kinds", "category": "categories"}
    return {head: {x["code"]: x["zh"] for x in taxonomy[key]} for head, key in heads.items()}


def name(head: str, code: str) -> str:
    """A class by its Chinese name."""
    return names().get(head, {}).get(code, NONE if code == "none" else code)


def reason(worse: dict) -> str:
    """Why a model was refused, in one sentence."""
    if "head" not in worse:
        return "学的过程中断了，原来的照用。"
    what = {"recall": "该听出来的", "f1": "总的准头", "precision": "说得准的"}.get(worse["measure"], worse["measure"])
    return f"“{name(worse['head'], worse['label'])}”{what}从 {worse['old']:.0%} 降到 {worse['new']:.0%}"
