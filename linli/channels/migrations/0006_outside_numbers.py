"""An order may have several numbers of the hotline: the number becomes the key. The table is laid anew, for PostgreSQL lets no
other column become the key in place. Back again an order keeps the first of its numbers."""

from django.db import migrations, models

COLUMNS = "number, order_id, sent_at, due_at, kind, grade, unit, made_at, carried_at, carried_by"


def forwards(apps, editor):
    editor.execute(f"INSERT INTO channels_outsidenumber ({COLUMNS}) SELECT {COLUMNS} FROM channels_outside")


def backwards(apps, editor):
    first = "SELECT MIN(number) FROM channels_outsidenumber GROUP BY order_id"
    editor.execute(f"INSERT INTO channels_outside ({COLUMNS}) SELECT {COLUMNS} FROM channels_outsidenumber WHERE number IN ({first})")


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0005_paper'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutsideNumber',
            fields=[
                ('number', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('order_id', models.UUIDField(db_index=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(blank=True, default='', max_length=64)),
                ('grade', models.CharField(blank=True, default='', max_length=16)),
                ('unit', models.CharField(blank=True, default='', max_length=64)),
                ('made_at', models.DateTimeField()),
                ('carried_at', models.DateTimeField(null=True)),
                ('carried_by', models.UUIDField(null=True)),
            ],
        ),
        migrations.RunPython(forwards, backwards),
        migrations.DeleteModel(name='Outside'),
        migrations.RenameModel(old_name='OutsideNumber', new_name='Outside'),
    ]
