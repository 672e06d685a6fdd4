"""Orders from before steps were stored: the step follows from the state, the nearest due time from the two promises."""

from django.db import migrations
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce

STEPS = {"assigned": "work", "working": "work", "handled": "rate", "review": "review", "closed": "end", "void": "end"}


def fill(apps, schema_editor):
    orders = apps.get_model("orders", "Order").objects
    for state, step in STEPS.items():
        orders.filter(state=state, step="").update(step=step, step_at=F("opened_at"))
    orders.filter(ending="reviewed").update(step="reviewed")
    orders.update(
        due_at=Case(
            When(waits_answer=True, then=Coalesce("answer_due_at", "opened_at")),
            default=Coalesce("solve_due_at", "opened_at"),
        ),
        way=Value("resident"),
    )
    clocks = apps.get_model("orders", "Clock").objects
    clocks.filter(name="answer").update(until="answer")
    clocks.filter(name="solve").update(until="handle")


class Migration(migrations.Migration):

    dependencies = [("orders", "0004_steps")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
