"""Faces: people show the first character of their surname on a calm ground, 小栖 is a sparrow under a roof."""

from zlib import crc32

# The bird's parts are coloured by classes (tokens --bird-*), so that the same drawing serves every mode.
BIRD = (
    '<svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
    '<rect class="bird-ground" width="48" height="48"/>'
    '<path class="bird-cap" d="M24 13c9.500 0 15 7 15 15.500S33 43 24 43 9 37 9 28.500 14.500 13 24 13z"/>'
    '<path class="bird-face" d="M24 24c2-3.500 5-5 7.700-4.500 3.600.7 5.300 4.500 4.800 9.500C35.800 37 31 41 24 41s-11.800-4-12.500-12'
    'c-.5-5 1.200-8.800 4.800-9.500C19 19 22 20.500 24 24z"/>'
    '<circle class="bird-blush" cx="15.500" cy="32.500" r="2.600"/><circle class="bird-blush" cx="32.500" cy="32.500" r="2.600"/>'
    '<circle class="bird-eye" cx="18" cy="27.500" r="2.400"/><circle class="bird-eye" cx="30" cy="27.500" r="2.400"/>'
    '<circle cx="18.900" cy="26.600" r=".8" fill="#fff"/><circle cx="30.900" cy="26.600" r=".8" fill="#fff"/>'
    '<path class="bird-beak" d="M20.500 31c2-1.200 5-1.200 7 0L24 36z"/>'
    '<path class="bird-roof" d="M6.500 18.500 24 6l17.500 12.500" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>'
    "</svg>"
)

# A sparrow on an eave: for empty lists and error pages.
PERCHED = (
    '<svg class="bird" viewBox="0 0 104 84" aria-hidden="true" focusable="false">'
    '<path class="bird-roof" d="M6 74 52 56l46 18" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>'
    '<path class="bird-cap" d="M66 47c10 3 17 3 25-1-3 7-9 12-19 12z"/>'
    '<path class="bird-cap" d="M50 14c12 0 20 8 22 19 2 13-6 25-21 25S29 48 30 34c.8-12 8-20 20-20z"/>'
    '<path class="bird-face" d="M40 24c5-2 11 1 12 7 1 5 4 8 8 11 3 3 2 9-3 12-8 4-20 2-24-8-3-9 0-19 7-22z"/>'
    '<circle class="bird-eye" cx="41.500" cy="31" r="2.700"/><circle cx="42.500" cy="30" r=".9" fill="#fff"/>'
    '<circle class="bird-blush" cx="43" cy="39" r="3"/><path class="bird-beak" d="m32.500 32-8 3.500 7.500 3z"/>'
    '<path class="bird-line" d="M47 57v5M54 57v4" stroke-width="2.500" stroke-linecap="round"/></svg>'
)

_BEFORE = ("网格员", "楼栋长", "单元长", "志愿者", "书记", "社工", "物业", "民警", "医生", "群主")
_SOFT = "小老阿大"


def initial(name: str) -> str:
    """One character that stands for a name: 周阿姨 → 周, 社工小李 → 李, 🌸一米阳光 → 一; "" when nothing is left."""
    left = "".join(c for c in name if c.isalnum())
    for title in _BEFORE:
        if left.startswith(title) and len(left) > len(title):
            left = left[len(title) :]
            break
    if len(left) == 2 and left[0] in _SOFT:
        left = left[1:]
    return left[:1].upper()


def tone(name: str) -> int:
    """A ground for the face, 1 to 6, always the same for the same name."""
    return crc32(name.encode()) % 6 + 1
