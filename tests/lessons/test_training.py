"""Learning in a process of its own, judged on the golden set, promoted or refused, and back with one command."""

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connections

from linli.kernel import clock
from linli.kernel.actors import CLOCK, SYSTEM
from linli.kernel.errors import BadInput, Forbidden, WrongState
from linli.language import apart, trial, understand, versions
from linli.language.examples import Example as Lesson
from linli.language.examples import write
from linli.language.golden import golden
from linli.language.model import load
from linli.language.understand import understand_many
from linli.ledger.models import Event
from linli.lessons import actions, examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example, ModelVersion
from linli.site.cli import main
from tests.lessons.school import MORE_PIGEONS, PIGEONS, appeals, lessons, small, well_known

pytestmark = pytest.mark.django_db

def decide(cast, *words, intent="appeal", kind="dispute", category="culture") -> None:
    examples.keep(cast.actor("li_min"), [Decision(w, Example.CORRECT, intent, kind, category) for w in words])


def confuse(cast) -> None:
    """Somebody calls appeals small talk, again and again."""
    decide(cast, *appeals(), intent="small_talk", kind="", category="")


def test_what_was_decided_is_understood_from_then_on(cast, at, school):
    decide(cast, *PIGEONS)
    row = school.learn(by=cast.actor("yu_tao"))
    assert (row.state, row.examples, row.fresh, row.reasons) == (ModelVersion.PROMOTED, 4, 4, [])
    assert row.version == versions.current(school.home) and row.asked_by == cast.account["yu_tao"].id
    assert set(row.scores["accuracy"]) == {"intent", "kind", "category", "urgency"} and row.before["rows"] == len(well_known())
    assert understand(MORE_PIGEONS).kind == "dispute" and understand_many([MORE_PIGEONS], using=load(small()))[0].kind != "dispute"
    assert not (school.folder / "training" / str(row.id)).exists()
    assert list(Event.objects.filter(verb__startswith="lessons.").order_by("id").values_list("verb", flat=True)) == ["lessons.train_model", "lessons.judge_model"]


def test_what_is_worse_is_refused_with_the_reason_and_nothing_changes(cast, at, school):
    confuse(cast)
    row = school.learn()
    assert row.state == ModelVersion.REFUSED and versions.current(school.home) == school.small
    assert ("intent", "appeal", "recall") in {(w["head"], w["label"], w["measure"]) for w in row.reasons}
    assert all(w["old"] > w["new"] for w in row.reasons)
    assert understand(appeals()[0]) == understand_many(appeals()[:1], using=load(small()))[0]


def test_every_process_uses_the_new_one_at_its_next_words(cast, at, school):
    asking = [sys.executable, "-c", (
        "import sys; from linli.language import understand, versions; from pathlib import Path;"
        f"versions.settle(Path({str(school.home)!r}));"
        "[print(versions.model().digest[:12], flush=True) for line in sys.stdin]"
    )]  # fmt: skip
    with subprocess.Popen(asking, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:

        def used() -> str:
            other.stdin.write("\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert used() == school.small
        decide(cast, *PIGEONS)
        row = school.learn()
        assert used() == row.version != school.small
        actions.back_model(by=cast.actor("yu_tao"))
        assert used() == school.small
        other.stdin.close()


def test_back_goes_back_and_the_shipped_model_is_the_end(cast, at, school):
    decide(cast, *PIGEONS)
    school.learn()
    with pytest.raises(Forbidden):
        actions.back_model(by=cast.actor("li_min"))
    assert actions.back_model(by=cast.actor("yu_tao")) == school.small
    assert actions.back_model(by=SYSTEM) == versions.SHIPPED
    with pytest.raises(WrongState):
        actions.back_model(by=SYSTEM)


def test_enough_new_decisions_start_a_training_and_few_do_not(cast, at, school, monkeypatch, settings):
    monkeypatch.setattr(actions, "ENOUGH", 4)
    settings.LINLI_LEARN = True
    decide(cast, *PIGEONS[:3])
    assert actions.advance_training(by=CLOCK) is None
    decide(cast, PIGEONS[3])
    settings.LINLI_LEARN = False
    assert actions.advance_training(by=CLOCK) is None, "switched off: only by the button"
    settings.LINLI_LEARN = True
    assert actions.advance_training(by=CLOCK).state == ModelVersion.TRAINING
    assert actions.advance_training(by=CLOCK).state == ModelVersion.PROMOTED
    assert actions.advance_training(by=CLOCK) is None and actions.fresh() == 0
    at.move(minutes=5)
    decide(cast, PIGEONS[0])
    assert actions.fresh() == 1, "decided again, it is new again"


def test_only_one_learns_at_a_time(cast, at, school):
    decide(cast, *PIGEONS)
    actions.train_model(by=SYSTEM)
    with pytest.raises(WrongState):
        actions.train_model(by=SYSTEM)
    assert ModelVersion.objects.count() == 1


def test_nothing_to_learn_is_said(cast, at, school):
    with pytest.raises(BadInput):
        actions.train_model(by=SYSTEM)
    with pytest.raises(Forbidden):
        actions.train_model(by=cast.actor("li_min"))


def test_a_training_whose_process_is_gone_is_given_up(cast, at, school, monkeypatch):
    monkeypatch.setattr(apart, "start_trial", lambda *given: subprocess.Popen(["true"]))
    decide(cast, *PIGEONS)
    row = actions.train_model(by=SYSTEM)
    assert actions.advance_training(by=CLOCK) is None, "it may still be at it"
    ModelVersion.objects.update(given_up_at=clock.wall() - timedelta(seconds=1))
    assert actions.advance_training(by=CLOCK).state == ModelVersion.FAILED
    row.refresh_from_db()
    assert row.reasons == [{"what": "lost"}] and actions.fresh() == 4, "what was not learned waits for the next one"


def test_no_process_to_be_had_is_a_failure_and_no_error(cast, at, school, monkeypatch):
    def nothing(*given):
        raise OSError("no memory")

    monkeypatch.setattr(apart, "start_trial", nothing)
    decide(cast, *PIGEONS)
    actions.train_model(by=SYSTEM)
    assert ModelVersion.objects.get().state == ModelVersion.FAILED


def test_what_is_like_a_golden_sentence_is_not_learned(tmp_path):
    told = [Lesson(golden()[0].text, "appeal"), Lesson("晚上老是拖椅子", "appeal")]
    assert trial.strangers(told, golden()) == told[1:]


@pytest.mark.django_db(transaction=True)
def test_serving_goes_on_while_a_child_process_learns_at_low_priority(cast, at, school, tmp_path):
    """The real child: its nice value, no words in a file, and answers in between."""
    school.monkeypatch.undo()  # the real `start`; its paths are given here
    small = tmp_path / "own.tsv"
    write(small, lessons())
    out = tmp_path / "out"
    child = apart.start_trial([["晚上老是拖椅子", "appeal", "noise", ""]], out, school.home, small)
    answered = 0
    nice = set()
    while child.poll() is None:
        assert understand("3号楼2单元电梯又坏了").intent == "appeal"
        answered += 1
        stat = subprocess.run(["ps", "-o", "ni=", "-p", str(child.pid)], capture_output=True, text=True).stdout.strip()
        nice.add(stat)
        threading.Event().wait(0.2)
    assert child.returncode == 0 and answered > 1 and str(min(19, os.nice(0) + 15)) in nice
    found = apart.verdict(out)
    assert found["taught"] == 1 and found["scores"]["rows"] == len(golden())
    assert not any("椅子" in p.read_text(errors="ignore") for p in out.iterdir())
    connections.close_all()


def test_the_command_lists_learns_and_goes_back(cast, at, school, capsys):
    decide(cast, *PIGEONS)
    assert main(["model", "train", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["state"] == "promoted" and row["examples"] == 4
    assert main(["model", "list"]) == 0
    assert row["version"] in capsys.readouterr().out
    assert main(["model", "back", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"used": school.small}
    confuse(cast)
    assert main(["model", "train"]) == 1
    assert "“诉求”" in capsys.readouterr().out
