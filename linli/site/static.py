"""Static files: hashed names that a browser may keep for ever, compressed once, answered from memory without a thread."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

_HASHED = re.compile(r"\.[0-9a-f]{12}\.")
_TEXT = {".css", ".js", ".svg", ".json", ".html", ".txt", ".map", ".webmanifest"}
STAMP = ".stamp"


def _sources() -> str:
    """A digest over names, sizes and times of all sources: what decides whether to collect again."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect() -> bool:
    """Bring the static files under LINLI_VAR up to date; False = nothing had changed. Names of before stay."""
    root = Path(settings.STATIC_ROOT)
    digest = _sources()
    stamp = root / STAMP
    if stamp.exists() and stamp.read_text() == digest:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    for path in root.rglob("*"):
        if path.suffix in _TEXT and path.is_file():
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    stamp.write_text(digest)
    return True


@dataclass(frozen=True, slots=True)
class Held:
    """One file: plain and (for text) compressed, with its headers."""

    plain: bytes
    packed: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes


def _hold(path: Path, name: str) -> Held:
    plain = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if path.suffix in _TEXT:
        kind += "; charset=utf-8"
    packed = path.with_name(path.name + ".gz")
    keep = "public, max-age=31536000, immutable" if _HASHED.search(name) else "no-cache"
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'.encode()
    headers = (
        (b"content-type", kind.encode()),
        (b"cache-control", keep.encode()),
        (b"etag", etag),
        (b"vary", b"Accept-Encoding"),
        (b"x-content-type-options", b"nosniff"),
    )
    return Held(plain, packed.read_bytes() if packed.exists() else b"", headers, etag)


class Static:
    """ASGI answers for /static/…; `from_source` (dev, tests) asks the finders on each request instead of memory."""

    def __init__(self, *, from_source: bool):
        self.from_source = from_source
        root = Path(settings.STATIC_ROOT)
        self.held: dict[str, Held] = {}
        if not from_source:
            for path in root.rglob("*"):
                if path.is_file() and path.suffix not in (".gz", "") and path.name != "staticfiles.json":
                    name = path.relative_to(root).as_posix()
                    self.held[name] = _hold(path, name)

    def _find(self, name: str) -> Held | None:
        if not self.from_source:
            return self.held.get(name)
        found = finders.find(name) if ".." not in name.split("/") else None
        return _hold(Path(found), name) if found and Path(found).is_file() else None

    async def serve(self, scope: Any, send: Any) -> None:
        """GET and HEAD; 304 for a file that the browser has; 404 else."""
        held = self._find(scope["path"].removeprefix(settings.STATIC_URL))
        asked = {k: v for k, v in scope["headers"] if k in (b"accept-encoding", b"if-none-match")}
        if held is None or scope["method"] not in ("GET", "HEAD"):
            return await _answer(send, 404 if held is None else 405, [], b"")
        if asked.get(b"if-none-match") == held.etag:
            return await _answer(send, 304, list(held.headers), b"")
        headers, body = list(held.headers), held.plain
        if held.packed and b"gzip" in asked.get(b"accept-encoding", b""):
            headers.append((b"content-encoding", b"gzip"))
            body = held.packed
        headers.append((b"content-length", str(len(body)).encode()))
        await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


async def _answer(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    if status in (404, 405):
        headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
