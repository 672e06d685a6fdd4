"""`python -m bench.understanding_memory plain|fill|web DATA`: the MB that one process holds once it answers (`bench.understanding`).

plain: the retriever alone, with what it learned. fill: the tables and weights of a site, made by a process that ends. web: a
process of `serve` over them (settings, routes, model) that has answered.
"""

import gc
import json
import sys
import tempfile
from pathlib import Path

from linli.language import apart
from linli.language.evaluation import answer
from linli.language.evaluation.files import read_rows
from linli.language.retrieval import weights
from linli.language.retrieval.memory import give_back
from linli.language.retriever import Retriever

QUESTION = "居住证怎么办理"


def entries_of(data: Path) -> list[tuple[str, list[str], str]]:
    """5,200 entries with all wordings."""
    return answer.entries_of(read_rows(data / "faq_kb_5200.csv.gz"), read_rows(data / "faq_queries_dev.csv.gz"))


def plain(data: Path) -> dict[str, object]:
    """The retriever and its weights; nothing else is kept."""
    entries = entries_of(data)
    retriever = Retriever.build(entries)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "weights.npz"
        if apart.start_learning(entries, target).wait():
            raise SystemExit("learning failed")
        retriever.weigh(weights.load(target))
    figures = {"entries": len(entries), "wordings": sum(len(t) - 1 for _, t, _ in entries)}
    del entries
    retriever.answer(QUESTION)
    return {**figures, "mb": held()}


def fill(data: Path) -> dict[str, object]:
    """Tables, entries, learned weights."""
    import django  # noqa: PLC0415  (only here is there a site)
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    from linli.kernel import clock  # noqa: PLC0415
    from linli.knowledge import index  # noqa: PLC0415
    from linli.knowledge.models import Entry  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    entries, now = entries_of(data), clock.wall()
    Entry.objects.bulk_create([
        Entry(code=i, question=texts[0][:200], wordings=texts[1:], answer=said, source="bench", updated_at=now) for i, texts, said in entries
    ], batch_size=500)  # fmt: skip
    index.weights_file().parent.mkdir(parents=True, exist_ok=True)
    if apart.start_learning(entries, index.weights_file()).wait():
        raise SystemExit("learning failed")
    return {"entries": len(entries), "wordings": sum(len(t) - 1 for _, t, _ in entries)}


def web(data: Path) -> dict[str, object]:
    """`base`: with routes and the language model, before the first question."""
    import django  # noqa: PLC0415

    django.setup()
    from linli.knowledge import index  # noqa: PLC0415
    from linli.language import understand  # noqa: PLC0415
    from linli.site import asgi  # noqa: PLC0415

    asgi.build()
    understand(QUESTION)
    base = held()
    index.ask(QUESTION, None)
    return {"mb": held(), "before_the_first_question": base}


def held() -> float:
    """MB of this process now."""
    gc.collect()
    give_back()
    return round(answer.memory_mb(), 1)


def main() -> None:
    """One JSON object."""
    print(json.dumps({"plain": plain, "fill": fill, "web": web}[sys.argv[1]](Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
