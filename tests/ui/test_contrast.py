"""Every text role is readable on every ground it may stand on, in every mode; sizes are for thumbs and tired eyes."""

import re
from pathlib import Path

import pytest

import linli.ui

TOKENS = (Path(linli.ui.__file__).parent / "static/ui/tokens.css").read_text()
MODES = ("standard", "elder", "screen")
ON_GROUNDS = ("ink", "ink-2", "ink-3", "leaf-ink", "late", "danger", "info", "on-time", "soon")
PAIRS = [
    *[(word, ground) for word in ON_GROUNDS for ground in ("paper", "card")],
    *[(word, "sunken") for word in ("ink", "ink-2", "ink-3")],
    *[(word, "leaf-soft") for word in ("ink", "ink-2", "ink-3", "leaf-ink")],
    *[(word, "lamp-soft") for word in ("ink", "ink-2", "ink-3", "lamp-ink", "leaf-ink")],
    *[("ink", g) for g in ("info-soft", "on-time-soft", "soon-soft", "late-soft")],
    *[(word, f"{word}-soft") for word in ("on-time", "soon", "late", "roster", "rest", "info")],
    ("on-leaf", "leaf"),
    ("on-leaf", "leaf-deep"),
    ("on-danger", "danger"),
    ("card", "late"),
    ("leaf", "paper"),
    *[("on-tone", f"tone-{n}") for n in range(1, 7)],
]


def block(selector: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for body in re.findall(rf"^{re.escape(selector)} \{{(.*?)\}}", TOKENS, re.S | re.M):
        found |= dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))
    return found


def mode(name: str) -> dict[str, str]:
    extra = {"standard": {}, "elder": block("[data-elder]"), "screen": block("[data-screen]")}[name]
    return block(":root") | extra


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pixels(value: str, k: float = 1.0) -> float:
    found = re.fullmatch(r"(?:calc\()?([\d.]+)px(?: \* var\(--k\)\))?", value)
    assert found, value
    return float(found[1]) * (k if "--k" in value else 1)


@pytest.mark.parametrize("name", MODES)
def test_text_is_readable(name):
    tokens = mode(name)
    poor = [
        f"{word} on {ground}: {contrast(tokens[word], tokens[ground]):.2f}"
        for word, ground in PAIRS
        if contrast(tokens[word], tokens[ground]) < 4.5
    ]
    assert not poor


@pytest.mark.parametrize("name", MODES)
def test_edges_of_fields_and_focus_can_be_seen(name):
    tokens = mode(name)
    for role in ("edge", "focus", "leaf"):
        assert contrast(tokens[role], tokens["card"]) >= 3, role
        assert contrast(tokens[role], tokens["paper"]) >= 3, role


def test_targets_are_made_for_thumbs():
    assert pixels(mode("standard")["touch"]) >= 44
    assert pixels(mode("elder")["touch"]) >= 60


def test_type_is_large_enough_and_grows():
    elder, standard = mode("elder"), mode("standard")
    assert all(pixels(elder[f"s{n}"]) >= 18 for n in range(6))
    assert pixels(standard["s2"]) >= 18 and pixels(standard["s0"]) >= 14
    most = float(block('[data-size="3"]')["k"])
    assert pixels(standard["s2"], most) >= 30
    assert pixels(elder["s2"], float(block('[data-elder][data-size="2"]')["k"])) >= 30
    assert float(standard["lh"]) >= 1.3 and float(standard["lh-tight"]) >= 1.3
