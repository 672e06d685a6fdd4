"""A clock knows its clause and whether it was met in time; an order, whether it was taken out of the pool in time. What stands here
already gets both from its procedure's version."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def limits(data):
    """(limit's code, its clause) of a stored procedure, as `standards.flow.parse` reads them; the first form named none."""
    for row in data.get("limits", ()):
        yield row["code"], row.get("clause", "")
    for step in data.get("steps", ()):
        if own := step.get("limit"):
            yield step["code"], own.get("clause") or step.get("clause", "")


def fill(apps, schema_editor):
    clocks, orders = apps.get_model("orders", "Clock").objects, apps.get_model("orders", "Order").objects
    # One that stood still when it was met has used its time only as far as its light says.
    clocks.filter(state="met").update(kept=False)
    clocks.filter(Q(met_at__lt=F("due_at")) | (Q(met_at=F("due_at")) & ~Q(light="red")) | (~Q(pauses=[]) & ~Q(light="red")), state="met").update(kept=True)
    for row in apps.get_model("standards", "Procedure").objects.iterator():
        own = Q(order__procedure=row.code, order__procedure_version=row.version)
        for code, clause in limits(row.data):
            if clause:
                clocks.filter(own, name=code).update(clause=clause)
        for step in row.data.get("steps", ()):
            if step["type"] == "claim":
                first = clocks.filter(order_id=OuterRef("pk"), name=step["code"], kept__isnull=False).order_by("round")
                orders.filter(procedure=row.code, procedure_version=row.version, history=False).update(
                    accepted_in_time=Subquery(first.values("kept")[:1])
                )
    head = orders.filter(pk=OuterRef("order_id")).values("clause")
    clocks.filter(clause="").exclude(name="wait").update(clause=Subquery(head))


class Migration(migrations.Migration):

    dependencies = [("orders", "0010_opener"), ("standards", "0005_procedures_at_the_desk")]

    operations = [
        migrations.AddField(model_name="clock", name="clause", field=models.CharField(blank=True, default="", max_length=32)),
        migrations.AddField(model_name="clock", name="kept", field=models.BooleanField(null=True)),
        migrations.AddField(model_name="order", name="accepted_in_time", field=models.BooleanField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
