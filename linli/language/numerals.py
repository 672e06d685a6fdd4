"""Chinese numerals as people write house numbers: 三, 十二, 二十一, 一百零八, 两."""

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
CHARS = "零〇一二两三四五六七八九十百"


def to_arabic(word: str) -> str:
    """`word` with Arabic digits ("十二" → "12", "03" → "3"); unchanged when it is no number."""
    if word.isascii() and word.isdigit():
        return word.lstrip("0") or "0"
    if not word or any(c not in CHARS for c in word):
        return word
    if "十" not in word and "百" not in word:
        return "".join(str(DIGITS[c]) for c in word).lstrip("0") or "0"
    total, current = 0, 0
    for c in word:
        if c == "百":
            total, current = total + (current or 1) * 100, 0
        elif c == "十":
            total, current = total + (current or 1) * 10, 0
        else:
            current = DIGITS[c]
    return str(total + current)
