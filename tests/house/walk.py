"""The house as data: its files, its syntax trees, its floors."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINLI = ROOT / "linli"


@cache
def floors() -> dict[str, int]:
    """package → its floor, 0 is the top. From the same lines of pyproject.toml that import-linter reads."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return {name.strip(): number for number, layer in enumerate(layers) for name in layer.split("|")}


def may_use(user: str, used: str) -> bool:
    """May a package know another: itself, or one that stands on a lower floor."""
    return user == used or floors()[user] < floors()[used]


@cache
def trees() -> dict[Path, ast.Module]:
    """Every Python file of the product, parsed."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(LINLI.rglob("*.py"))}


def package(path: Path) -> str:
    """The first folder under linli/ that a file is in."""
    return path.relative_to(LINLI).parts[0]


def where(path: Path, node: ast.AST) -> str:
    """file:line, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions, also the inner ones."""
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def called(node: ast.Call) -> str:
    """The dotted name of what is called; "" when it is not a plain name."""
    return ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
