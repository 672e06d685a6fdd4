"""Never lose a word: real processes killed with -9 from outside, at moments drawn by time.

`make crash` plays 200 kills on each database, `make test` 10 (tests/site/test_crash.py). Two processes are killed in
turn: a *feeder* that stores messages and writes down which were acknowledged (on restart it sends again what was not,
and some that were), and the real `linli work`, which takes in, delivers and ticks under a virtual clock fast enough for
the whole ladder. A third, never killed, answers orders so that results travel back. At the end all is finished in
peace and the database is counted: 0 lost, 0 doubled.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from linli.kernel import crypto
from linli.site.cluster import TemporaryCluster, die_with_parent

ROOT = Path(__file__).resolve().parent.parent
SPEED = 6000.0  # virtual seconds a second: 3 hours of clock, the whole ladder, pass in about 2 seconds
PORTION = 20


def environment(folder: str, url: str) -> dict[str, str]:
    """Settings of `serve`, demo clock, own keys and folder."""
    return {
        **os.environ, "LINLI_VAR": folder, "LINLI_SECRET_KEY": "crash-" + "0123456789abcdef" * 4,
        "LINLI_DATA_KEYS": crypto.new_key("c1"), "LINLI_DEMO": "1",
        "LINLI_SMS_BACKEND": "file", "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        "LINLI_QUIET": "",
    }  # fmt: skip


def start(env: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    """A process of the play; what it complains of goes to a file in its folder."""
    log = (Path(env["LINLI_VAR"]) / "crash.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=ROOT, env=env, stderr=log, stdout=log, preexec_fn=die_with_parent
    )
    log.close()
    return process


def at_work(folder: Path, pid: int) -> bool:
    """The feeder leaves a mark, the worker listens on its socket."""
    return (folder / f"feeding-{pid}").exists() or any((folder / "run").glob(f"work-{pid}-*.sock"))


def _kill_in_turn(
    kills: int, dice: random.Random, folder: str, env: dict[str, str], commands: dict[str, tuple[str, ...]], alive: dict[str, subprocess.Popen[bytes]]
) -> Counter[str]:
    """Kill and start again until there were so many kills."""
    killed: Counter[str] = Counter()
    deaths: dict[str, float] = {}
    while sum(killed.values()) < kills:
        for name, process in alive.items():
            if name not in deaths:
                # A start tells nothing; the moment is drawn from when the process is at work.
                if at_work(Path(folder), process.pid):
                    deaths[name] = time.monotonic() + dice.uniform(0.0, 0.9)
                elif process.poll() is not None:
                    raise RuntimeError(f"{name} ended by itself: {(Path(folder) / 'crash.log').read_text()[-800:]}")
            elif time.monotonic() >= deaths[name] and sum(killed.values()) < kills:
                process.kill()
                process.wait()
                killed[name] += 1
                del deaths[name]
                alive[name] = start(env, *commands[name])
        time.sleep(0.005)
    return killed


def play(kills: int, seed: int, folder: str, url: str) -> dict[str, Any]:
    """Run the whole play on one database; returns what was counted. The caller asserts on `lost` and `doubled`."""
    env = environment(folder, url)
    dice = random.Random(seed)
    subprocess.run([sys.executable, "-m", "bench.crash", "prepare"], cwd=ROOT, env=env, check=True)
    commands = {"feeder": ("bench.crash", "feed", str(seed)), "worker": ("linli.site.cli", "work")}
    alive = {name: start(env, *words) for name, words in commands.items()}
    answerer = start(env, "bench.crash", "answer")
    try:
        killed = _kill_in_turn(kills, dice, folder, env, commands, alive)
    finally:
        for process in (*alive.values(), answerer):
            process.kill()
            process.wait()
    done = subprocess.run(
        [sys.executable, "-m", "bench.crash", "finish", str(seed)], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return {"seed": seed, "kills": dict(killed), **json.loads(done.stdout.strip().splitlines()[-1])}


def main() -> int:
    """`python -m bench.crash [--kills N] [--seed N] [--postgres]`; exit code 1 when a word was lost or doubled."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--postgres", action="store_true")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="linli-crash-") as folder:
        if args.postgres:
            with TemporaryCluster(Path(folder + "-pg"), durable=True) as cluster:
                told = play(args.kills, args.seed, folder, cluster.url())
        else:
            told = play(args.kills, args.seed, folder, "")
    print(json.dumps(told, ensure_ascii=False))
    return 0 if told["lost"] == told["doubled"] == 0 else 1


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("prepare", "feed", "answer", "finish"):
        from bench import crash_parts  # each part sets Django up in its own process

        sys.exit(crash_parts.PARTS[sys.argv[1]](*sys.argv[2:]))
    sys.exit(main())
