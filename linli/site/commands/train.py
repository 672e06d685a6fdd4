"""`linli train`: a text classifier from a labelled file, saved as .npz and JSON."""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from linli.language.evaluation.files import BadFile, documents_of, labels_of, read_rows
from linli.language.training import TooFewLabels, fit

EX_DATAERR, EX_CANTCREAT = 65, 73


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--task, --data, --out, --json"""
    parser.add_argument("--task", choices=("intent", "category"), required=True, help="what the labels are")
    parser.add_argument("--data", required=True, metavar="FILE", help="CSV (.gz too): text columns and `label`")
    parser.add_argument("--out", required=True, metavar="MODEL", help="folder that the model is written into")
    parser.add_argument("--json", action="store_true", help="exactly one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Trains and saves; 65 when the file is not what it should be, 73 when the model cannot be written."""
    started = time.perf_counter()
    try:
        rows = read_rows(args.data)
        labels = labels_of(rows, args.data, args.task)
        model = fit(documents_of(rows), labels)
    except (BadFile, TooFewLabels) as error:
        sys.stderr.write(f"linli train: {error}\n")
        return EX_DATAERR
    about = {"task": args.task, "rows": len(rows), "classes": dict(sorted(Counter(labels).items()))}
    try:
        digest = model.save(Path(args.out), about)
    except OSError as error:
        sys.stderr.write(f"linli train: {args.out} cannot be written: {error}\n")
        return EX_CANTCREAT
    found = about | {
        "model": args.out,
        "digest": digest,
        "features": len(model.vocabulary),
        "seconds": round(time.perf_counter() - started, 2),
    }
    if args.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{name}: {value}\n" for name, value in found.items()))
    return 0
