"""Points by the month: of places, with denominators, taken off and given; nothing while no scheme is switched on."""

from copy import deepcopy
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from linli.insight import scores
from linli.insight.tables import Chosen
from linli.kernel.errors import Forbidden
from linli.ledger import stamps
from linli.ledger.models import Event
from linli.standards import selectors as standards
from linli.standards.models import Procedure
from tests.desk import sign_in, text
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
PAGE = "/desk/figures/scores/?month=2026-03"


def switch_on() -> None:
    """A version with the scheme on, and a reward in it: put right on the spot is worth three points."""
    row = Procedure.objects.get(code="golden_eye", state=Procedure.IN_FORCE)
    data = deepcopy(row.data)
    data["scores"]["on"] = True
    data["scores"]["rows"].append({"on": "outcome:work:done", "points": 3, "clause": "HJY-3.3"})
    Procedure.objects.filter(id=row.id).update(state=Procedure.SUPERSEDED)
    Procedure.objects.create(code=row.code, version=row.version + 1, name=row.name, clause_code=row.clause_code, data=data)
    stamps.renew([standards.STAMP])


def month(cast, key="yu_tao"):
    return scores.month(cast.actor(key), Chosen(*MARCH))


def test_deductions_and_rewards_are_summed_by_place_and_clause_with_their_denominator(cast, at):
    switch_on()
    Walk(cast, at, "golden_eye").go("claim:claimed! verify:true work:done")
    Walk(cast, at, "golden_eye").go("claim:claimed")
    found = month(cast)
    assert found.on == ["黄金眼"] or len(found.on) == 1
    [line] = found.places
    assert (line.label, line.scored, line.orders, line.minus, line.plus, line.total) == (cast.community["heping"].name, 1, 2, -3, 3, 0)
    assert {c.label.split()[-1]: (c.minus, c.plus) for c in found.clauses} == {"5.1": (-2, 0), "5.2": (-1, 0), "3.3": (0, 3)}
    assert found.rewards == (1, 2) and month(cast, "zhao_hui").rewards == (0, 0)
    assert month(cast, "zhao_hui").places == [], "another community's points are not hers"
    with pytest.raises(Forbidden):
        month(cast, "shi_qiang")


def test_switched_off_there_is_nothing_and_the_page_says_so(cast, at):
    Walk(cast, at, "golden_eye").go("claim:claimed! verify:true work:done")
    assert month(cast).places == [] and month(cast).on == []
    page = text(sign_in(cast, "yu_tao").get(PAGE))
    assert "这个月这里没有记分" in page and "国办函〔2026〕12号" in page


def test_page_and_file_name_places_and_no_person(cast, at):
    switch_on()
    Walk(cast, at, "golden_eye").go("claim:claimed verify:true")
    client = sign_in(cast, "yu_tao")
    page = text(client.get(PAGE))
    # The reader's own name stands in the head of every page.
    names = {a.name for k, a in cast.account.items() if a.name and k != "yu_tao"}
    assert cast.community["heping"].name in page and not [n for n in names if n in page]
    answer = client.get("/desk/figures/scores/export/?month=2026-03")
    points = client.get("/api/insight/points?month=2026-03").json()
    assert (points["places"][0]["minus"], points["rewards"], points["reward_points"]) == (-2, 1, 2)
    book = load_workbook(BytesIO(answer.content), read_only=True)
    assert book.sheetnames == ["按地方", "按条款", "给发现人的奖励"]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert cast.account["yu_tao"].name in rows[0][0] and rows[-1] == ("合计", 1, 1, -2, 0, -2)
    assert Event.objects.get(verb="insight.export_figures").facts["table"] == "scores"


def test_the_note_of_the_law_stands_beside_the_switch(cast):
    page = text(sign_in(cast, "yu_tao").post("/desk/procedures/new/", {"do": "add_score", "name": "新的"}))
    assert "开始记分" in page and "国办函〔2026〕12号" in page and "由区决定" in page
