"""The drawing shows exactly the flow: each step once, each way once, and nothing lies upon anything else."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings

from linli.standards.drawing import draw, edges
from linli.standards.flow import parse
from linli.standards.procedures import PROCEDURES
from tests.standards.flows import CALENDARS, procedures

FLOWS = {code: parse(data) for code, _, _, data in PROCEDURES}


def ways(flow):
    """What leads where, written down a second time from the flow: (from, to, kind) → the labels in it."""
    found = {}
    claims = [c for c, s in flow.steps.items() if s.type == "claim"]
    for code, step in flow.steps.items():
        for o in step.outcomes:
            found.setdefault((code, o.to, "out"), set()).add(o.label)
        own = flow.limits.get(code)
        for rung in own.ladder if own else ():
            if rung.act == "dispatch" and step.outcomes:
                found.setdefault((code, step.outcomes[0].to, "auto"), set())
            if rung.act == "pass" and step.outcome(rung.outcome):
                found.setdefault((code, step.outcome(rung.outcome).to, "auto"), set())
        if step.type == "rate":
            for target in (flow.again_to, flow.again_then):
                if target:
                    found.setdefault((code, target, "again"), set())
    for limit in flow.limits.values():
        start = limit.starts.removeprefix("step:")
        if any(r.act == "take_back" for r in limit.ladder) and claims:
            first = flow.steps[claims[0]].outcomes
            if start not in flow.steps and not first:
                continue
            found.setdefault((start if start in flow.steps else first[0].to, claims[0], "auto"), set())
    return found


def drawn(flow):
    """(steps, ways) as they stand in the page's SVG."""
    html = render_to_string("standards/_drawing.html", {"d": draw(flow, CALENDARS), "name": "流程"})
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html, re.S)[0])
    paths = [e for e in svg if e.tag == "path"]
    labels = [e for e in svg if e.get("class", "").startswith("on-edge")]
    steps = {e.get("data-step"): "".join(t.text for t in e if t.tag == "text") for e in svg if e.get("data-step")}
    found = {}
    for path, group in zip(paths, labels, strict=True):
        found[path.get("data-from"), path.get("data-to"), path.get("data-kind")] = unescape(group.get("data-labels")).split("|")
        assert "".join(t.text for t in group if t.tag == "text") == "".join(unescape(group.get("data-labels")).split("|"))
    assert len(found) == len(paths)
    return steps, found


@pytest.mark.parametrize("code", FLOWS)
def test_nodes_and_edges_of_the_picture_are_those_of_the_flow(code):
    flow = FLOWS[code]
    steps, found = drawn(flow)
    assert set(steps) == set(flow.steps)
    assert all(words.startswith(flow.steps[c].label) for c, words in steps.items())
    wanted = ways(flow)
    assert set(found) == set(wanted)
    assert all(labels <= set(found[way]) for way, labels in wanted.items())


@settings(max_examples=80, deadline=None)
@given(data=procedures())
def test_random_flows_are_drawn_whole(data):
    flow = parse(data)
    assert {(e.source, e.target, e.kind) for e in edges(flow)} == {w for w in ways(flow) if w[1] in flow.steps}
    drawing = draw(flow, CALENDARS)
    assert {s.code for s in drawing.steps} == set(flow.steps) and len(drawing.lines) == len(edges(flow))
    assert all(0 <= s.left and s.left + s.wide <= drawing.width and 0 <= s.top and s.top + s.tall <= drawing.height for s in drawing.steps)


@pytest.mark.parametrize("code", FLOWS)
def test_nothing_lies_upon_anything_else(code):
    drawing = draw(FLOWS[code], CALENDARS)
    boxes = [*drawing.steps, *(x.box for x in drawing.lines)]
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            apart = abs(a.x - b.x) * 2 >= a.width + b.width - 1 or abs(a.y - b.y) * 2 >= a.height + b.height - 1
            assert apart, (a.code, a.lines, b.code, b.lines)


def test_a_loose_outcome_is_left_out_and_breaks_nothing():
    flow = parse({"first": "a", "steps": [{"code": "a", "label": "办", "type": "task", "who": "place", "outcomes": [{"code": "o", "label": "好", "to": ""}]}]})
    assert edges(flow) == [] and len(draw(flow, CALENDARS).steps) == 1
