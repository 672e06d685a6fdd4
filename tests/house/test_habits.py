"""Time, locks, settings, promises, licences, migrations: what the house has agreed on."""

import ast
import json
import re
from importlib import metadata

import pytest
from django.core.management import call_command

from linli.site import env
from tests.house.walk import LINLI, ROOT, called, trees, where

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", "package-lock.json"]
TIME = re.compile(r"^(datetime\.datetime\.(now|utcnow|today)|datetime\.(now|utcnow|today)|date\.today|timezone\.now|time\.time)$")
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|0BSD|PSF|Python Software Foundation|Zlib|Unlicense|CC0|LGPL|Lesser General Public|HPND|MIT-CMU|MPL)\b",
    re.IGNORECASE,
)


def test_only_the_clock_knows_the_time():
    allowed = {LINLI / "kernel" / "clock.py"}
    found = [
        where(path, node)
        for path, tree in trees().items()
        if path not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and TIME.match(called(node))
    ]
    assert not found, "use linli.kernel.clock"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links", text)
    if name.endswith(".json"):
        packages = json.loads(text)["packages"]
        assert all("integrity" in p and "resolved" not in p for key, p in packages.items() if key)
    else:
        pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
        assert pinned and len(re.findall(r"--hash=sha256:", text)) >= len(pinned)


def test_the_dev_lock_holds_the_same_versions():
    def pins(name):
        return set(re.findall(r"^([a-z0-9][\w.-]*==[^ ]+)", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def runtime_packages():
    return sorted(set(re.findall(r"^([a-z0-9][\w.-]*)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)))


def licence_of(name):
    about = metadata.metadata(name)
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
    # Some put the whole text into `License`: its head names it.
    return " | ".join([about.get("License-Expression") or "", (about.get("License") or "")[:200], *classifiers])


@pytest.mark.parametrize("name", runtime_packages())
def test_a_runtime_package_is_permissive_or_lgpl(name):
    try:
        said = licence_of(name)
    except metadata.PackageNotFoundError:
        return  # of another platform: its marker in the lock keeps it away here
    assert PERMISSIVE.search(said), f"{name}: {said!r}"
    assert not re.search(r"\b(AGPL|Affero)\b", said) and not re.search(r"(?<!L)GPL(?!.*LGPL)", said.replace("Lesser GPL", "LGPL"))


def test_the_page_of_settings_lists_exactly_the_settings():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    wanted = [(s.name, f"`{s.default}`" if s.default else "–", s.meaning) for s in env.SETTINGS]
    assert rows == wanted, "docs/settings.md: run  .venv/bin/python tools/settings_page.py"


def test_no_other_variable_is_read():
    names = {s.name for s in env.SETTINGS}
    for path in trees():
        for name in re.findall(r"""environ(?:\.get)?[\[(]["'](\w+)["']""", path.read_text(encoding="utf-8")):
            assert name in names | {"DJANGO_SETTINGS_MODULE", "PATH"}, f"{path}: {name} is not in site/env.py"


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_signals_in_domain_code():
    found = [
        str(path.relative_to(ROOT))
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django.dispatch", "django.db.models.signals"))
    ]
    assert not found
