"""A procedure through the form and back: nothing is lost, nothing invented, no JSON or code asked of anybody."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings

from linli.kernel.errors import BadInput
from linli.standards import form
from linli.standards.flow import parse, plain
from linli.standards.problems import problems
from linli.standards.procedures import PROCEDURES
from linli.standards.web.editor import _context
from tests.standards.flows import CALENDARS, procedures
from tests.standards.harvest import fields


def flow(data):
    """A flow whose lists of roles stand in one order: who may do something is a set."""
    found = parse(data)
    steps = {c: replace(x, roles=tuple(form.in_order(x.roles))) for c, x in found.steps.items()}
    return replace(found, steps=steps, open_by=tuple(form.in_order(found.open_by)))


SEEDED = [pytest.param(*row, id=row[0]) for row in PROCEDURES]
CASES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def page(values):
    """The editor's page of a form, as it goes out."""
    request = RequestFactory().get("/")
    context = _context(request, values) | {"form_url": "/x/", "clauses": [], "edit": 0, "tree": []}
    return render_to_string("standards/editor.html", context, request)


def sent_back(values):
    """What a browser sends of the page of these values; what is no field of the procedure is left out."""
    return {k: v for k, v in fields(page(values)).items() if not k.startswith("dry-")}


def through(data, name="流程", clause="WXQ-4.2"):
    return form.read(sent_back(form.form_of(name, clause, data, CALENDARS)))


def test_a_flow_is_the_same_after_it_was_written_down():
    for _, _, _, data in PROCEDURES:
        assert parse(plain(parse(data))) == parse(data)


@pytest.mark.parametrize("code,name,clause,data", SEEDED)
def test_every_seeded_procedure_survives_its_page_unchanged(cast, code, name, clause, data):
    read = through(data, name, clause)
    assert (read.name, read.clause_code, read.mistakes) == (name, clause, [])
    assert flow(read.data) == flow(data)


@CASES
@given(data=procedures())
def test_small_flows_at_random_survive_form_and_data(data):
    values = form.form_of("流程", "WXQ-4.2", data, CALENDARS)
    read = form.read(values)
    assert read.mistakes == [] and flow(read.data) == flow(data)
    assert form.form_of(read.name, read.clause_code, read.data, CALENDARS) == values


@pytest.mark.usefixtures("cast")
@settings(CASES, max_examples=25)
@given(data=procedures())
def test_small_flows_at_random_survive_the_page(data):
    read = through(data)
    assert read.mistakes == [] and flow(read.data) == flow(data)


def test_an_empty_form_lacks_only_its_name(cast):
    read = form.read(sent_back(form.form_of("", "", form.new(), CALENDARS)))
    assert read.name == "" and problems(read.data, CALENDARS) == []
    assert read.data["kind"] == {"label": "", "category": "welfare"}


def test_no_field_takes_code(cast):
    """Words are short, all else is a number, a tick or a choice."""
    html = page(form.form_of("黄金眼", "HJY-3.1", next(d for c, _, _, d in PROCEDURES if c == "golden_eye"), CALENDARS))
    assert "<textarea" not in html
    assert 'maxlength="4000"' not in html


def new_form():
    return form.form_of("树木修剪", "", form.new(), CALENDARS)


def test_rows_come_and_go():
    values = form.edit(new_form(), "add_step")
    assert values["step"] == ["s1", "s2", "rate", "review", "reviewed", "end"]
    values = form.edit(values, "add_outcome:s1")
    assert values["s-s1-out"] == ["done", "o1"]
    values = form.edit(values, "remove_outcome:s1:done")
    values = form.edit(values, "add_rung:s-s2")
    assert values["s-s2-r2-percent"] == ["150"] and values["s-s2-rung"] == ["0", "1", "2"]
    values = form.edit(values, "remove_rung:s-s2:0")
    values = form.edit(form.edit(values, "add_limit"), "remove_limit:answer")
    values = form.edit(values, "remove_step:review")
    assert (values["s-s1-out"], values["s-s2-rung"], values["limit"]) == (["o1"], ["1", "2"], ["l1"])
    assert values["step"] == ["s1", "s2", "rate", "reviewed", "end"]
    assert form.edit(values, "drop_tables:all") == values


def test_no_more_steps_than_one_can_look_over():
    values = new_form()
    for _ in range(40):
        values = form.edit(values, "add_step")
    assert len(values["step"]) == 24
    assert len(form.read(values).data["steps"]) == 24


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [("s-s1-amount", "四", ("s1", "limit")), ("s-s1-amount", "-3", ("s1", "limit")), ("s-s1-amount", "0.001", ("s1", "limit")),
     ("s-rate-days", "一周", ("rate", "days")), ("again-most", "x", ("", "again"))],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_its_field(field, value, where):
    read = form.read(new_form() | {field: [value]})
    assert [(p.where, p.field) for p in read.mistakes] == [where]
    assert value in read.mistakes[0].text


def test_full_width_digits_and_halves_are_read():
    data = form.read(new_form() | {"s-s1-amount": ["１.5"], "s-s1-unit": ["hours/60"]}).data
    assert data["steps"][0]["limit"]["amount"] == 90


@pytest.mark.parametrize("codes", [["s1", "s1"], ["a b"], ["../x"], ["s1"] + [f"x{n}" for n in range(40)]])
def test_rows_that_no_form_of_ours_sends_are_refused(codes):
    with pytest.raises(BadInput):
        form.read(new_form() | {"step": codes})
