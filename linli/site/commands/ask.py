"""`linli ask`: what a knowledge base answers to a question, or honestly does not. No database needed."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from linli.language.evaluation.answer import entries_of
from linli.language.evaluation.files import BadFile, Row, read_rows
from linli.language.retriever import Retriever

EX_DATAERR = 65
UNREAD = "待核"
SHIPPED = sorted((Path(__file__).resolve().parents[2] / "knowledge" / "data" / "entries").glob("*.csv"))
VERDICTS = {"answer": "答", "close": "拿不准，请挑一个", "refuse": "答不上来，交给专人"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """questions, --kb, --wordings, --json"""
    parser.add_argument("question", nargs="*", help="questions; without any, one a line from stdin")
    parser.add_argument("--kb", default="", metavar="FILE", help="CSV kb_id,question,answer; without it, the entries that come with the product")
    parser.add_argument("--wordings", default="", metavar="FILE", help="CSV kb_id,query: other wordings")
    parser.add_argument("--json", action="store_true", help="exactly one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """One block a question, or one JSON object {"results": […]}; 65 when a file is not what it should be."""
    try:
        entries, rows = _known(args.kb, args.wordings)
    except BadFile as error:
        sys.stderr.write(f"linli ask: {error}\n")
        return EX_DATAERR
    retriever = Retriever.build(entries)
    results = [_result(retriever, rows, q) for q in args.question or [line.rstrip("\n") for line in sys.stdin]]
    if args.json:
        sys.stdout.write(json.dumps({"results": results}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(_shown(r) for r in results))
    return 0


def _known(kb: str, wordings: str) -> tuple[list[tuple[str, list[str], str]], dict[str, Row]]:
    """(entries for the retriever, rows by id); the product's own file has `code` and `wordings` beside."""
    rows = [r for path in ([kb] if kb else SHIPPED) for r in read_rows(str(path), "question", "answer")]
    rows = [r for r in rows if UNREAD not in r.get("source", "") + r.get("article", "")]
    for row in rows:
        row.setdefault("kb_id", row.get("code", ""))
    own = [{"kb_id": r["kb_id"], "query": w} for r in rows for w in r.get("wordings", "").split("|") if w]
    entries = entries_of(rows, own + (read_rows(wordings, "kb_id", "query") if wordings else []))
    return entries, {r["kb_id"]: r for r in rows}


def _result(retriever: Retriever, rows: dict[str, Row], question: str) -> dict[str, Any]:
    found = retriever.answer(question)
    hits = [{"kb_id": h.entry_id, "question": rows[h.entry_id]["question"], "score": h.score} for h in found.hits]
    result: dict[str, Any] = {"question": question, "verdict": found.verdict, "hits": hits}
    if found.verdict == "answer":
        row = rows[found.hits[0].entry_id]
        result |= {"answer": _plain(row["answer"]), "source": row.get("source", "")}
    return result


def _plain(answer: str) -> str:
    """No district, no local facts: a sentence that asks for one is left out, as in the product."""
    return "".join(s for s in re.findall(r"[^。！？\n]+[。！？\n]*", answer) if "{" not in s).strip()


def _shown(result: dict[str, Any]) -> str:
    lines = [f"问：{result['question']}", f"{VERDICTS[result['verdict']]}"]
    if result["verdict"] == "answer":
        lines += [result["answer"], *([f"来源：{result['source']}"] if result["source"] else [])]
    elif result["verdict"] == "close":
        lines += [f"  {h['score']:.2f}  {h['question']}" for h in result["hits"]]
    return "\n".join(lines) + "\n"
