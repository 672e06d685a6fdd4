"""`linli demo`: the demo district with its own keys, made at the first time, then served."""

import argparse
import os
import subprocess
import time
from pathlib import Path

from linli.site import env, keys
from linli.site.commands.serve import supervise
from linli.site.supervisor import Child, linli


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--prepare-only"""
    parser.add_argument("--prepare-only", action="store_true", help="make the data, do not serve")


def settings() -> None:
    """The demo's environment for this process and its children: demo mode, its own keys."""
    os.environ["LINLI_DEMO"] = "1"
    os.environ |= keys.of_demo(Path(env.get("LINLI_VAR")))


def run(args: argparse.Namespace) -> int:
    """Prepare in a process of its own, then serve."""
    began = time.monotonic()
    settings()
    code = subprocess.run(linli("demo-prepare"), check=False).returncode  # noqa: S603
    if code or args.prepare_only:
        return code
    return supervise([Child("simulator", linli("simulate"))], began)
