"""`linli bench`: speed beside a raw limit of the same run, on a database of its own. Runs from a checkout (bench/)."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from linli.kernel import crypto
from linli.site.cluster import TemporaryCluster

ROOT = Path(__file__).resolve().parents[3]
NAMES = ("intake", "live", "orders", "due", "relay", "procedures")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """intake|live|orders|due|relay|procedures [--postgres] [--small] [--json]"""
    parser.add_argument("name", choices=NAMES, help="what to measure")
    parser.add_argument("--postgres", action="store_true", help="on a temporary PostgreSQL cluster (fsync on)")
    parser.add_argument("--small", action="store_true", help="ends within a minute")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, all else on stderr")


def run(args: argparse.Namespace) -> int:
    """Make the database, run the bench in a process of its own with the settings of `serve`, print its object."""
    if not (ROOT / "bench" / "run.py").exists():
        print("linli bench runs from a checkout of the project: the folder bench/ is not here.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        env = {
            **os.environ, "LINLI_VAR": folder, "LINLI_SECRET_KEY": "bench-" + "0123456789abcdef" * 4,
            "LINLI_DATA_KEYS": crypto.new_key("b1"), "LINLI_DEMO": "", "LINLI_HOSTS": "127.0.0.1,localhost",
            "LINLI_SMS_BACKEND": "file", "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        }  # fmt: skip
        if not args.postgres:
            return _measure(args, env)
        with TemporaryCluster(Path(folder + "-pg"), durable=True) as cluster:
            return _measure(args, env | {"DATABASE_URL": cluster.url()})


def _measure(args: argparse.Namespace, env: dict[str, str]) -> int:
    command = [sys.executable, "-m", "bench.run", args.name, *(["--small"] if args.small else [])]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode:
        return done.returncode
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for name, value in figures.items():
            print(f"{name:>24}  {value}")
    return 0
