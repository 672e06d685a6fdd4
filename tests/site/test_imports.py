"""What the serving processes load, each in an interpreter of its own: learning, and what it brings, is loaded by the learner only."""

import os
import subprocess
import sys

import pytest

from linli.site.cli import COMMANDS, module_name

LEARNING = ("sklearn", "scipy.stats", "scipy.optimize", "pandas", "joblib", "narwhals", "threadpoolctl")
PLAY = """
import importlib, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "linli.site.settings"
name, needs = sys.argv[1], sys.argv[2] == "True"
if needs: importlib.import_module("django").setup()
importlib.import_module(name)
if name.endswith(".web"): importlib.import_module("linli.site.asgi").build(live=True)
print(" ".join(sorted(sys.modules)))
"""


@pytest.mark.parametrize("command", ["serve", "web", "live", "work", "demo", "demo-prepare", "simulate", "intake", "doctor"])
def test_no_serving_process_loads_what_learns(command, tmp_path):
    env = os.environ | {"LINLI_VAR": str(tmp_path)}
    words = [sys.executable, "-c", PLAY, module_name(command), str(COMMANDS[command][1])]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert f"linli.site.commands.{command.replace('-', '_')}" in loaded
    assert not loaded & set(LEARNING)
