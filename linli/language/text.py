"""Text as it comes in, made harmless: one spelling of width, no invisible characters, a bounded length."""

import re
import unicodedata

MAX_CHARS = 2000
"""Only the first 2,000 characters of a message are understood; the rest is kept by the caller."""

_SURROGATES = re.compile("[\ud800-\udfff]")
# C0/C1 controls but tab and line ends, soft hyphen, zero width, bidi marks, BOM, variation selectors, tags
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
WORDLIKE = re.compile(rf"[0-9A-Za-z{_HAN}]")


def _clean(text: object) -> str:
    if text is None:
        return ""
    if isinstance(text, bytes):
        raw = text.decode("utf-8", "ignore")
    else:
        raw = text if isinstance(text, str) else str(text)
    if raw.isascii() and raw.isprintable():
        return raw
    raw = _SURROGATES.sub("", raw)
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw))


def normalise(text: object) -> str:
    """One spelling of a text: NFKC, control and zero-width characters gone, white space collapsed; never raises."""
    return _SPACES.sub(" ", _clean(text)).strip()


def readable(text: object) -> str:
    """What is understood of a message: as `normalise`, first 2,000 characters, line ends kept as a single newline."""
    raw = text if isinstance(text, (str, bytes)) else ("" if text is None else str(text))
    clean = _clean(raw[: MAX_CHARS * 2])
    if "\n" in clean or "\r" in clean or "\u2028" in clean or "\x85" in clean:
        clean = _LINES.sub("\n", clean)
    clean = _BLANKS.sub(" ", clean).strip()[:MAX_CHARS]
    return _BETWEEN_HAN.sub("", clean) if " " in clean else clean
