"""The process's memory: what is loaded stays, and is not searched for garbage again and again."""

import gc

#: new containers between two searches among the young ones; CPython's 700 suits small programs, a request here makes some thousand
YOUNG = 20_000


def settle() -> None:
    """Once all code is loaded: take what lives now out of every later search for cycles, and search less often. Costs one full
    search; what it saves stands in docs/benchmarks.md. Source: CPython, `gc.freeze`."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
