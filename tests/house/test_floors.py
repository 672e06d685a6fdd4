"""Imports go down only, also the ones that import-linter cannot see: keys by name, migrations, templates."""

import ast
import re
import subprocess
import sys

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tests.house.walk import LINLI, ROOT, floors, functions, may_use, package, trees, where

OURS = {c.label: c.name.removeprefix("linli.").split(".")[0] for c in apps.get_app_configs() if c.name[:6] == "linli."}


def test_every_package_has_a_floor():
    found = {p.name for p in LINLI.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert found <= set(floors()), "name the new package in pyproject.toml"


def test_the_contracts_of_import_linter_hold():
    done = subprocess.run(
        [str(ROOT / ".venv/bin/lint-imports")] if (ROOT / ".venv/bin/lint-imports").exists() else
        [sys.executable, "-m", "importlinter.cli"], cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]


def test_no_import_stands_inside_a_function():
    found = [
        where(path, node)
        for path, tree in trees().items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not found, "an import inside a function hides which floor stands on which"


def test_only_the_table_of_commands_is_loaded_by_name():
    found = {
        package(path) + "/" + path.name
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in ("importlib.import_module", "__import__", "import_module")
    }  # fmt: skip
    assert found == {"site/cli.py"}


def test_keys_between_tables_go_down():
    wrong = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.concrete and field.related_model._meta.app_label in OURS
        if not may_use(OURS[label], OURS[field.related_model._meta.app_label])
    ]
    assert not wrong


def test_migrations_depend_downward():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wrong = [
        f"{label}.{name} → {other}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in OURS
        for other, _ in migration.dependencies
        if other in OURS and not may_use(OURS[label], OURS[other])
    ]
    assert not wrong


TAG = re.compile(r"""{%\s*(?:include|extends)\s+["']([\w-]+)/""")


def test_templates_include_downward():
    folders = {p.name: p.parent.parent.relative_to(LINLI).parts[0] for p in LINLI.glob("**/templates/*") if p.is_dir()}
    wrong = []
    for path in LINLI.glob("**/templates/**/*.html"):
        for used in TAG.findall(path.read_text(encoding="utf-8")):
            if used not in folders or not may_use(package(path), folders[used]):
                wrong.append(f"{path.relative_to(ROOT)} uses {used}/")
    assert not wrong
