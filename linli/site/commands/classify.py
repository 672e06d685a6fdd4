"""`linli classify`: what the shipped model, or a trained one, says of texts given as words, as a file or on stdin."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from linli.language import ModelMissing, understand_many
from linli.language.classifier import ModelRefused, load_classifier, words_of
from linli.language.evaluation.files import BadFile, documents_of, read_rows, texts_of
from linli.language.lexicon import category_names

EX_DATAERR, EX_CONFIG = 65, 78
BATCH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """texts, --data, --model, --json"""
    parser.add_argument("text", nargs="*", help="texts; without any and without --data, one a line from stdin")
    parser.add_argument("--data", default="", metavar="FILE", help="CSV (.gz too) with text columns")
    parser.add_argument("--model", default="", metavar="MODEL", help="a folder that `linli train` wrote")
    parser.add_argument("--json", action="store_true", help="exactly one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """One line a text, or one JSON object {"model", "results": […]}."""
    try:
        if args.data:
            rows = read_rows(args.data)
            texts, documents = texts_of(rows), documents_of(rows) if args.model else []
        else:
            texts = args.text or [line.rstrip("\n") for line in sys.stdin]
            documents = [words_of(t) for t in texts] if args.model else []
        results = list(trained(args.model, texts, documents) if args.model else shipped(texts))
    except BadFile as error:
        sys.stderr.write(f"linli classify: {error}\n")
        return EX_DATAERR
    except (ModelRefused, ModelMissing) as error:
        sys.stderr.write(f"linli classify: {error}\n")
        return EX_CONFIG
    if args.json:
        found = {"model": args.model or "shipped", "results": results}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return 0
    for one in results:
        told = "  ".join(f"{k} {v}" for k, v in one.items() if v != "" and k != "text")
        sys.stdout.write(f"{one['text'][:60]}\t{told}\n")
    return 0


def trained(folder: str, texts: Sequence[str], documents: Sequence[Sequence[str]]) -> Iterator[dict[str, Any]]:
    """Label and confidence of each text by the classifier in `folder`. Raises ModelRefused."""
    model = load_classifier(Path(folder))
    for start in range(0, len(texts), BATCH):
        shares = model.probabilities(documents[start : start + BATCH])
        for text, share in zip(texts[start : start + BATCH], shares, strict=True):
            best = int(share.argmax())
            yield {"text": text, "label": model.labels[best], "confidence": round(float(share[best]), 4)}


def shipped(texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What the product understands of each text. Raises ModelMissing."""
    names = category_names()
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        for text, u in zip(batch, understand_many(batch), strict=True):
            yield {
                "text": text,
                "intent": u.intent,
                "confidence": round(u.confidence, 4),
                "kind": u.kind,
                "category": names.get(u.category, ""),
                "category_confidence": round(u.category_confidence, 4),
                "urgency": u.urgency,
                "thing": u.thing,
                "place": u.place.text,
                "when": u.when,
            }
