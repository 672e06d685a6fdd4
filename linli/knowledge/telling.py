"""An entry as it is told to somebody: local facts filled in, sentences without their fact left out, the source named."""

import re
from collections.abc import Mapping

from linli.knowledge.models import Entry

_SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]*")
_FIELD = re.compile(r"\{([^{}]{1,40})\}")


def fields(answer: str) -> list[str]:
    """The names of the local facts that an answer asks for, in order."""
    return list(dict.fromkeys(_FIELD.findall(answer)))


def told(answer: str, facts: Mapping[str, str]) -> str:
    """The answer with its facts. A sentence whose fact nobody has filled in is left out, never told half."""
    said = []
    for sentence in _SENTENCE.findall(answer):
        if all(name in facts for name in _FIELD.findall(sentence)):
            said.append(_FIELD.sub(lambda m: facts[m[1]], sentence))
    return "".join(said).strip()


def source_of(entry: Entry) -> str:
    """《居住证暂行条例》第十五条: the law with its articles as one line."""
    if "《" in entry.article:
        return entry.article
    return f"{entry.source}{entry.article}"
