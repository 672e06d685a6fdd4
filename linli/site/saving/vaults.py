"""The sealed files of a backup: each blob's file under its own name, linked from the backup before where it lies there."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from linli.files.vault import MAGIC
from linli.site.saving.manifest import Manifest, sha256_of

FOLDER = "files"


def relative(sha256: str) -> str:
    """Where a blob's file lies below LINLI_FILES and below `files/` of a backup."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def key_id(path: Path) -> str | None:
    """Which key opens a sealed file; None when it is none of ours."""
    with path.open("rb") as handle:
        head = handle.read(len(MAGIC) + 1)
        if head[:-1] != MAGIC:
            return None
        return handle.read(head[-1]).decode("ascii", "replace")


def copy_all(
    names: Iterable[str], source: Path, target: Path, before: tuple[Path, Manifest] | None
) -> list[str]:
    """Bring the file of every blob into the backup; returns the names whose file is not there.

    An older backup's file is linked and not copied again; the living file never is, so that its decay stays outside.
    """
    missing = []
    for name in names:
        path = relative(name)
        to = target / path
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if before and path in before[1].files and _link(before[0] / FOLDER / path, to, before[1].files[path]):
            continue
        try:
            shutil.copyfile(source / path, to)
        except FileNotFoundError:
            missing.append(name)
            continue
        to.chmod(0o600)
        with to.open("rb") as handle:
            os.fsync(handle.fileno())
    return missing


def _link(old: Path, to: Path, known: list[object]) -> bool:
    """Only what is still as its manifest says is taken over."""
    try:
        if [old.stat().st_size, sha256_of(old)] != known:
            return False
        os.link(old, to)
    except OSError:
        return False
    return True


def look(folder: Path) -> dict[str, list[object]]:
    """Path → [bytes, sha256] of every file below a folder."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): [p.stat().st_size, sha256_of(p)] for p in paths}


def differences(known: dict[str, list[object]], folder: Path) -> list[str]:
    """What is missing, changed or too many below a folder, each as a plain sentence."""
    there = look(folder) if folder.is_dir() else {}
    found = [f"缺少文件 {path}" for path in known if path not in there]
    found += [
        f"文件 {path} 的内容变了" for path, what in known.items() if path in there and there[path] != what
    ]
    return found + [f"多出文件 {path}" for path in there if path not in known]
