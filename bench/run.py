"""One bench in its own process: migrate, measure, one JSON object on the last line of stdout."""

import argparse
import importlib
import json

import django
from django.core.management import call_command

from bench import common
from linli.kernel import heap


def main() -> None:
    """`python -m bench.run NAME [--small]`; the environment is made by `linli bench`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--small", action="store_true")
    args = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    before = common.noise()
    bench = importlib.import_module(f"bench.{args.name}")
    heap.settle()  # as every `linli` command does
    figures = bench.main(args.small)
    figures |= {"bench": args.name, "small": args.small, "seed": common.SEED, "noise": before}
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
