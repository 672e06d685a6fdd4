#!/usr/bin/env python3
"""Write docs/settings.md from linli/site/env.py; a house test holds them equal."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from linli.site import env  # noqa: E402

HEAD = """# Settings

Everything that differs between places comes from the environment; `linli doctor` shows what is set and what is missing.
This page is made from `linli/site/env.py` by `tools/settings_page.py`, and a test holds the two equal.

| variable | default | meaning |
| --- | --- | --- |
"""
TAIL = """
Keys come by the environment only. The demo makes its own in `var/demo-keys` (0600) and hands them to its processes;
outside demo mode `linli serve` refuses missing, short and demo keys.
"""


def main() -> None:
    """Write the page."""
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else '–'} | {s.meaning} |\n" for s in env.SETTINGS]
    (ROOT / "docs" / "settings.md").write_text(HEAD + "".join(rows) + TAIL, encoding="utf-8")


if __name__ == "__main__":
    main()
