"""Results of their own, acceptance in time and compliance by clause: the old cells go, and every day that has orders is counted again."""

from django.db import migrations, models


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
        ("insight", "0002_figures"),
        ("orders", "0011_promises"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ClauseCell",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("local_day", models.DateField()),
                ("street_id", models.UUIDField()),
                ("community_id", models.UUIDField()),
                ("clause", models.CharField(max_length=32)),
                ("due", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("running", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="cell",
            name="cell_once",
        ),
        migrations.AddField(
            model_name="cell",
            name="accept_due",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="cell",
            name="accepted_in_time",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="cell",
            name="aside",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="formula",
            name="without",
            field=models.JSONField(default=list),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(fields=("local_day", "community_id", "category", "kind", "clause", "way", "aside"), name="cell_once"),
        ),
        migrations.AddIndex(
            model_name="clausecell",
            index=models.Index(fields=["community_id", "local_day"], name="clause_cell_community"),
        ),
        migrations.AddConstraint(
            model_name="clausecell",
            constraint=models.UniqueConstraint(fields=("local_day", "community_id", "clause"), name="clause_cell_once"),
        ),
        migrations.RunPython(mark_every_day, migrations.RunPython.noop),
    ]
