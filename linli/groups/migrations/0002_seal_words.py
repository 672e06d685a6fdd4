"""What people said in groups, in forms and at the counter is sealed where it lies, batch after batch."""

from uuid import UUID

from django.db import migrations

import linli.kernel.fields
from linli.kernel import crypto
from linli.kernel.bulk import update_rows

BATCH = 500


def seal(apps, schema_editor):
    """Runs before the field is told to be sealed: it reads and writes the bare text."""
    each(apps, schema_editor, lambda text: crypto.ring().seal(text))


def unseal(apps, schema_editor):
    """The way back, for which every key has to be there."""
    each(apps, schema_editor, lambda text: crypto.ring().open(text))


def each(apps, schema_editor, way):
    """The model must not know yet (or no longer) that its text is sealed."""
    message = apps.get_model("groups", "Message")
    if schema_editor.connection.vendor == "sqlite":
        # What is written over is gone from the file as well, and so from every backup made of it.
        schema_editor.execute("PRAGMA secure_delete = ON")
    after = UUID(int=0)
    while rows := list(message.objects.filter(id__gt=after).order_by("id").values_list("id", "text", "text_hash")[:BATCH]):
        update_rows(message, ["text"], [(pk, way(text)) for pk, text, _ in rows if text])
        # 64 digits: a hash that anybody can try words on. A keyed one has 32.
        update_rows(message, ["text_hash"], [(pk, crypto.ring().index(old)) for pk, _, old in rows if len(old) == 64])
        after = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial")]
    operations = [
        migrations.RunPython(seal, unseal),
        migrations.AlterField("message", "text", linli.kernel.fields.EncryptedTextField(blank=True, default="")),
    ]
