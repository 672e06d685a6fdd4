"""Build the wheel (PEP 517) out of a checkout that is set up, with nothing but Python: no network, no other package.

The wheel holds all of linli/, with what `make setup` makes there and git does not keep: the language model and the front-end
files. Where one is missing, building ends with a word instead of a wheel that cannot understand.
"""

import base64
import hashlib
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = ("linli/language/model/weights.npz", "linli/language/model/card.json", "linli/ui/static/vendor/echarts.js")
NOT_SHIPPED = ("__pycache__", ".made", ".pyc", ".part")
WHEN = (2026, 1, 1, 0, 0, 0)
"""In each file's place: the same checkout makes the same wheel."""


def get_requires_for_build_wheel(config_settings: object = None) -> list[str]:
    """Nothing."""
    return []


def files() -> Iterator[Path]:
    """All that is shipped."""
    for path in sorted((ROOT / "linli").rglob("*")):
        if path.is_file() and not any(part.endswith(NOT_SHIPPED) for part in path.relative_to(ROOT).parts):
            yield path


def metadata(project: dict) -> str:
    """METADATA of pyproject.toml's [project]."""
    lines = ["Metadata-Version: 2.4", f"Name: {project['name']}", f"Version: {project['version']}", f"Summary: {project['description']}"]
    lines += [f"License-Expression: {project['license']}", f"Requires-Python: {project['requires-python']}"]
    lines += [f"Requires-Dist: {name}" for name in project["dependencies"]]
    for extra, names in project["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}", *(f'Requires-Dist: {name}; extra == "{extra}"' for name in names)]
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", (ROOT / project["readme"]).read_text(encoding="utf-8")])


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None) -> str:
    """Write the wheel into that folder; returns its name."""
    missing = [name for name in MADE if not (ROOT / name).is_file()]
    if missing:
        raise SystemExit(f"{', '.join(missing)}: missing; run `make setup` first, the wheel ships them")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name']}-{project['version']}"
    scripts = "\n".join(["[console_scripts]", *(f"{name} = {place}" for name, place in project["scripts"].items()), ""])
    made = {
        "METADATA": metadata(project), "entry_points.txt": scripts, "licenses/LICENSE": (ROOT / "LICENSE").read_text(encoding="utf-8"),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: linli_build\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }  # fmt: skip
    record = []
    name = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:

        def put(path: str, content: bytes) -> None:
            info = zipfile.ZipInfo(path, WHEN)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            wheel.writestr(info, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}")

        for path in files():
            put(path.relative_to(ROOT).as_posix(), path.read_bytes())
        for part, text in made.items():
            put(f"{stem}.dist-info/{part}", text.encode())
        wheel.writestr(zipfile.ZipInfo(f"{stem}.dist-info/RECORD", WHEN), "\n".join([*record, f"{stem}.dist-info/RECORD,,", ""]))
    return name


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """There is none: the repository is the source."""
    raise SystemExit("no source archive is made; clone the repository")
