"""`make test` and `make lint`: lint, layers, types, then every test on SQLite and on PostgreSQL. Ends with one line."""

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
#: Containers often forbid to keep what Python compiled. Here each of four test processes and some fifty started by tests would compile
#: the whole product and 230 rewritten test files anew.
KEPT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
COUNTS = re.compile(r"linli tests on (\w+): (\d+) ran / (\d+) skipped / (\d+) failed")
TYPED = ["linli/kernel", "linli/ledger", "linli/language"]


def typed() -> list[str]:
    """What mypy reads: the lower floors, and every slice's actions and selectors."""
    slices = [p for kind in ("*/actions.py", "*/actions", "*/selectors.py") for p in (ROOT / "linli").glob(kind)]
    return TYPED + sorted(str(p.relative_to(ROOT)) for p in slices)


def lint() -> list[tuple[str, list[str]]]:
    """The phases that run no tests."""
    return [
        ("lint", ["ruff", "check", "-q", "."]),
        ("layers", ["lint-imports"]),
        ("types", ["mypy", "--no-error-summary", *typed()]),
    ]


def run(name: str, words: list[str], *, later: bool = False, **env: str) -> tuple[int, str]:
    """One phase: what it says goes through (`later`: when it is over, in one piece), its seconds follow. Returns (exit code, its output)."""
    began = time.monotonic()
    if not later:
        _say(f"── {name}\n")
    process = subprocess.Popen(
        [str(BIN / words[0]), *words[1:]], cwd=ROOT, env=KEPT | env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    said = []
    assert process.stdout is not None
    quiet = later or words[0] == "lint-imports"
    for line in process.stdout:
        said.append(line)
        if not quiet:
            _say(line)
    code = process.wait()
    if later:
        _say(f"── {name} (beside the tests)\n{''.join(said)}")
    elif quiet and code:
        _say("".join(said))
    _say(f"── {name}: {'ok' if code == 0 else 'FAILED'}, {time.monotonic() - began:.1f} s\n")
    return code, "".join(said)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> int:
    """Everything, also after a failure; the exit code says whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lint-only", action="store_true")
    parser.add_argument("--processes", default="2")
    given = parser.parse_args()
    *first, types = lint()
    codes = [run(*phase)[0] for phase in first]
    # Types take half a minute when nothing is cached, and the tests leave a fifth of the two cores idle while they wait for pages.
    beside = ThreadPoolExecutor(1).submit(run, *types, later=not given.lint_only)
    passed = failed = 0
    lines = []
    for database in () if given.lint_only else ("sqlite", "postgres"):
        words = ["pytest", "-n", given.processes, "--durations=5"]
        # Two processes on two cores: a matrix spread over threads would only wait for the other process.
        code, said = run(f"tests on {database}", words, LINLI_TEST_DB=database, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        found = COUNTS.search(said)
        if found is None:
            failed += 1
            lines.append(f"{database}: the tests did not come to their end (exit code {code})")
            continue
        ran, skipped, bad = (int(n) for n in found.groups()[1:])
        lines.append(f"{database}: {ran} ran / {skipped} skipped / {bad} failed")
        passed, failed = passed + ran - bad, failed + max(bad, int(code != 0))
    codes.append(beside.result()[0])
    passed, failed = passed + codes.count(0), failed + sum(1 for code in codes if code)
    sys.stdout.write("\n".join([*lines, f"{passed} passed, {failed} failed"]) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
