"""What serves imports nothing that only learning, clustering or judging needs: seconds at each start and memory in each process."""

import os
import subprocess
import sys

import pytest

from linli.site.cli import COMMANDS, module_name

LEARNING = {"sklearn", "joblib", "threadpoolctl", "narwhals", "pandas", "scipy"}
SERVING = ["web", "live", "work", "demo", "demo-prepare", "simulate", "serve"]


def loaded(tmp_path, code: str) -> set[str]:
    """Top-level modules of a fresh interpreter, in the demo's settings, after `code`."""
    env = os.environ | {
        "LINLI_DEMO": "1", "LINLI_SECRET_KEY": "k" * 50, "LINLI_DATA_KEYS": "k1:" + "0" * 64, "LINLI_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings", "DATABASE_URL": "",
    }  # fmt: skip
    code += "\nimport sys; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


@pytest.mark.parametrize("command", SERVING)
def test_a_process_that_serves_holds_nothing_of_learning(command, tmp_path):
    """As `linli COMMAND` loads it; `web` with the whole application and all its pages. `demo` starts the others as processes."""
    code = "import django; django.setup()\n" if COMMANDS[command][1] else ""
    code += f"import {module_name(command)}\n"
    if command == "web":
        code += "from linli.site import asgi; asgi.build()\nfrom django.urls import get_resolver; get_resolver().url_patterns\n"
        code += "from linli.language import understand; understand('电梯坏了')\n"
    found = loaded(tmp_path, code)
    assert not found & LEARNING
    assert "linli" in found and ("numpy" in found) == COMMANDS[command][1]


def test_learning_does_hold_it(tmp_path):
    """What the names above are good for: should one be spelt wrongly, or a library be called otherwise, this says it."""
    assert loaded(tmp_path, "import linli.language.trial") >= {"sklearn", "joblib", "threadpoolctl", "scipy"}
