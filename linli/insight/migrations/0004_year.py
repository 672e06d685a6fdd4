"""Hot matters of a year, by community."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("insight", "0003_asides"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearMade",
            fields=[
                ("community_id", models.UUIDField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="YearMatter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("street_id", models.UUIDField()),
                ("community_id", models.UUIDField()),
                ("place", models.CharField(blank=True, default="", max_length=80)),
                ("thing", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=24)),
                ("category", models.CharField(max_length=16)),
                ("people", models.PositiveIntegerField()),
                ("orders", models.PositiveIntegerField()),
                ("past", models.PositiveIntegerField(default=0)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("since", models.DateField()),
                ("weeks", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["community_id", "people"], name="year_matter_people")],
            },
        ),
    ]
