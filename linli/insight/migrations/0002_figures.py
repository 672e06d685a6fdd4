"""Cells by kind, clause and way too: the old ones go, and every day that has orders is counted again by the worker."""

from django.db import migrations, models

import linli.kernel.ids


def forget(apps, schema_editor):
    apps.get_model("insight", "Cell").objects.all().delete()


def mark_every_day(apps, schema_editor):
    days = apps.get_model("orders", "Order").objects.order_by().values_list("local_day", "street_id", "community_id").distinct()
    stale = apps.get_model("insight", "Stale")
    stale.objects.bulk_create(
        [stale(local_day=d, street_id=s, community_id=c) for d, s, c in days.iterator()], ignore_conflicts=True, batch_size=1000
    )


class Migration(migrations.Migration):

    dependencies = [
        ("insight", "0001_initial"),
        ("orders", "0005_orders_know_their_step"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="cell", name="cell_once"),
        migrations.RemoveIndex(model_name="cell", name="cell_dirty"),
        migrations.RemoveField(model_name="cell", name="dirty"),
        migrations.AddField(model_name="cell", name="kind", field=models.CharField(max_length=24, default=""), preserve_default=False),
        migrations.AddField(model_name="cell", name="clause", field=models.CharField(max_length=32, default=""), preserve_default=False),
        migrations.AddField(model_name="cell", name="way", field=models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField(model_name="cell", name="returned", field=models.PositiveIntegerField(default=0)),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(fields=("local_day", "community_id", "category", "kind", "clause", "way"), name="cell_once"),
        ),
        migrations.CreateModel(
            name="Stale",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("local_day", models.DateField()),
                ("street_id", models.UUIDField()),
                ("community_id", models.UUIDField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("local_day", "community_id"), name="stale_once")]},
        ),
        migrations.CreateModel(
            name="Formula",
            fields=[
                ("id", models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("parts", models.JSONField()),
                ("account_id", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="WeekSheet",
            fields=[
                ("id", models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ("area_id", models.UUIDField()),
                ("monday", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("data", models.JSONField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("area_id", "monday"), name="week_sheet_once")]},
        ),
        migrations.RunPython(mark_every_day, migrations.RunPython.noop),
    ]
