"""Bytes of a file or of standard input as lines of text: .gz or not, UTF-8, UTF-8 with a mark, or GB18030."""

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 1_000_000
"""A longer line is no message; it is named and passed over without being held in memory."""
_WIDE = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class Unreadable(Exception):
    """The file cannot be read as a whole; the message says why."""


class Source:
    """A file that can be read twice. Standard input is laid into a temporary file first.

    `encoding` is the one under which the fewest lines are broken; Raises Unreadable for a torn .gz, for UTF-16 and for a
    file that is not there.
    """

    def __init__(self, path: Path):
        self.path = path
        self.encoding, self.broken = self._detect()

    @contextmanager
    def _open(self) -> Iterator[BinaryIO]:
        try:
            with self.path.open("rb") as raw:
                packed = raw.read(2) == b"\x1f\x8b"
                raw.seek(0)
                yield io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else raw  # type: ignore[arg-type]
        except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
            raise Unreadable("the .gz file is torn: unpack it and look, nothing was stored") from exc
        except OSError as exc:
            raise Unreadable(f"{self.path}: {exc.strerror or exc}") from exc

    def _raw(self) -> Iterator[tuple[int, bytes | None]]:
        """(number of the line, its bytes; None for one that is too long)."""
        with self._open() as stream:
            number = 0
            while chunk := stream.readline(MOST_BYTES):
                number += 1
                if len(chunk) == MOST_BYTES and not chunk.endswith(b"\n"):
                    while (more := stream.readline(MOST_BYTES)) and not more.endswith(b"\n"):
                        pass
                    yield number, None
                else:
                    yield number, chunk

    def _detect(self) -> tuple[str, int]:
        with self._open() as stream:
            head = stream.read(4)
        for mark, name in _WIDE:
            if head.startswith(mark):
                raise Unreadable(f"the file is in {name}: save it as UTF-8, nothing was stored")
        marked = head.startswith(b"\xef\xbb\xbf")
        broken = self._broken("utf-8")
        if broken and not marked and (other := self._broken("gb18030")) < broken:
            return "gb18030", other
        return ("utf-8-sig" if marked else "utf-8"), broken

    def _broken(self, encoding: str) -> int:
        count = 0
        for _, raw in self._raw():
            try:
                if raw is not None:
                    raw.decode(encoding)
            except UnicodeDecodeError:
                count += 1
        return count

    def lines(self) -> Iterator[tuple[int, str, str]]:
        """(number, text, what is wrong with it); the text of a broken line is empty."""
        encoding = self.encoding.removesuffix("-sig")
        for number, raw in self._raw():
            if raw is None:
                yield number, "", f"the line is longer than {MOST_BYTES:,} bytes"
                continue
            try:
                yield number, raw.decode(encoding).removeprefix("\ufeff" if number == 1 else ""), ""
            except UnicodeDecodeError:
                yield number, "", f"not {encoding.upper()}"


@contextmanager
def of(name: str, standard_input: BinaryIO) -> Iterator[Source]:
    """The source of a path, or of standard input for "-". Raises Unreadable."""
    if name != "-":
        yield Source(Path(name))
        return
    with tempfile.NamedTemporaryFile(prefix="linli-intake-") as spool:
        shutil.copyfileobj(standard_input, spool, 1 << 20)
        spool.flush()
        yield Source(Path(spool.name))
