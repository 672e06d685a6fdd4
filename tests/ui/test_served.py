"""A lint over everything that is served: strict CSP, old browsers, no pop-ups, nothing from elsewhere, few bytes."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest

import linli

HOUSE = Path(linli.__file__).parent
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
# vendor/ holds npm packages as they are; whoever loads one on a page tests it there
SCRIPTS = sorted(p for p in HOUSE.glob("*/static/**/*.js") if "vendor" not in p.parts)
STYLES = sorted(HOUSE.glob("*/static/**/*.css"))
PICTURES = sorted(HOUSE.glob("*/static/**/*.svg"))

IN_PAGES = {
    "inline style attribute": r"\sstyle\s*=",
    "style element": r"<style\b",
    "inline handler": r"<[^>]*\son[a-z]+\s*=",
    "htmx handler (needs eval)": r"\s(?:data-)?hx-on\b",
    "htmx script value (needs eval)": r"[\"'](?:js|javascript):",
    "htmx trigger filter (needs eval)": r"hx-trigger=\"[^\"]*\[",
    "pop-up": r"hx-(?:confirm|prompt)\b",
    "inline script": r"<script(?![^>]*\ssrc=)[^>]*>",
    "address of another host": r"(?:src|href|action|content)\s*=\s*[\"']?(?:https?:)?//(?!www\.w3\.org)",
}
TOO_NEW_CSS = {
    ":has()": r":has\(",
    "container query": r"@container|container-type",
    "color-mix": r"color-mix\(|oklch\(|oklab\(|\blab\(|\blch\(",
    "dynamic viewport units": r"\d(?:dvh|svh|lvh|dvw|svw|lvw)\b",
    "cascade layer": r"@layer",
    "nesting": r"&\s*[:.\[>{]|@nest",
    "accent-color": r"accent-color",
    "single transforms": r"[{;]\s*(?:translate|rotate|scale)\s*:",
    "text-wrap": r"text-wrap",
    "range media query": r"@media[^{]*[<>]=?",
    "scope": r"@scope|@starting-style|@supports selector",
    "subgrid": r"subgrid|scrollbar-gutter|field-sizing|light-dark\(",
    "address of another host": r"url\(\s*[\"']?(?:https?:)?//",
    "import": r"@import",
}
TOO_NEW_JS = {
    "structuredClone": r"structuredClone",
    ".at()": r"\.at\(",
    "Object.hasOwn": r"Object\.hasOwn\b",
    "findLast": r"\.findLast",
    "copying array methods": r"\.(?:toSorted|toReversed|toSpliced|with)\(",
    "randomUUID": r"randomUUID",
    "AbortSignal helpers": r"AbortSignal\.(?:timeout|any)",
    "groupBy": r"Object\.groupBy|Map\.groupBy|Promise\.withResolvers",
    "static block": r"static\s*\{",
    "eval": r"\beval\(|new Function\(|setTimeout\(\s*[\"']",
    "pop-up": r"(?<![\w.])(?:alert|confirm|prompt)\(|window\.(?:alert|confirm|prompt)\(",
    "inline style text": r"setAttribute\(\s*[\"']style[\"']|cssText",
    "module syntax": r"^\s*(?:import|export)\s",
    "address of another host": r"[\"']https?://(?!www\.w3\.org)",
}


def complaints(paths, rules, clean=lambda text: text):
    return [
        f"{path.relative_to(HOUSE)}: {what}"
        for path in paths
        for what, pattern in rules.items()
        if re.search(pattern, clean(path.read_text()), re.I | re.M)
    ]


def without_notes(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n\"']*$", "", text, flags=re.S | re.M)


def without_django_notes(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)


def test_pages_hold_to_the_strict_policy():
    assert TEMPLATES
    assert not complaints(TEMPLATES, IN_PAGES, without_django_notes)


def test_styles_are_not_newer_than_chromium_90():
    assert STYLES
    assert not complaints(STYLES, TOO_NEW_CSS, without_notes)


def test_styles_are_not_nested():
    for path in STYLES:
        depth, inside_at = 0, []
        for head, brace in re.findall(r"([^{}]*)([{}])", without_notes(path.read_text())):
            if brace == "{":
                at = head.strip().startswith("@") or (inside_at and "keyframes" in inside_at[-1])
                assert at or all(h.startswith("@") for h in inside_at), (
                    f"{path.name}: nested at {head.strip()[:60]}"
                )
                inside_at.append(head.strip())
                depth += 1
            else:
                inside_at.pop()
        assert not inside_at, path


def test_scripts_are_not_newer_than_chromium_90_and_show_no_pop_ups():
    assert SCRIPTS
    assert not complaints(SCRIPTS, TOO_NEW_JS, without_notes)


def test_pictures_carry_nothing_but_shapes():
    rules = {
        "script": r"<script|\son\w+=|javascript:",
        "style": r"\sstyle=|<style",
        "link out": r"(?:href|src)\s*=",
    }
    assert not complaints(PICTURES, rules)


@pytest.mark.parametrize(
    ("what", "bad"),
    [
        (IN_PAGES, '<p style="color:red">'),
        (IN_PAGES, '<button onclick="go()">'),
        (IN_PAGES, "<script>go()</script>"),
        (IN_PAGES, '<button hx-on:click="go()">'),
        (IN_PAGES, '<link href="https://cdn.example/x.css">'),
        (TOO_NEW_CSS, ".a:has(.b) { color: red; }"),
        (TOO_NEW_CSS, ".a { height: 100dvh; }"),
        (TOO_NEW_JS, "if (confirm('好吗')) {}"),
        (TOO_NEW_JS, "rows.at(-1)"),
    ],
)
def test_the_lint_sees(what, bad):
    assert any(re.search(pattern, bad, re.I | re.M) for pattern in what.values())


def test_the_first_resident_page_is_light():
    """Styles, scripts, htmx and the pictures of the sheet, each compressed as it travels: at most 100 KB."""
    own = HOUSE / "ui/static/ui"
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    names = ("tokens.css", "linli.css", "app.js", "live.js", "voice.js", "lane.svg", "mark.svg", "down.svg")
    parts = {p.name: len(gzip.compress(p.read_bytes())) for p in [htmx, *(own / n for n in names)]}
    assert sum(parts.values()) <= 80_000, parts
