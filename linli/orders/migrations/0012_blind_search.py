"""What orders are found by becomes blind: each token its keyed hash. The indexes are made anew, so that no old token stays in them."""

from django.db import migrations

from linli.kernel import crypto
from linli.kernel.bulk import update_rows

BATCH = 500
#: as 0002_search made it
SQLITE = [
    "CREATE VIRTUAL TABLE orders_text_fts USING fts5(tokens, content='orders_ordertext', content_rowid='id', tokenize='unicode61')",
    "CREATE TRIGGER orders_text_ai AFTER INSERT ON orders_ordertext BEGIN INSERT INTO orders_text_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER orders_text_ad AFTER DELETE ON orders_ordertext BEGIN INSERT INTO orders_text_fts(orders_text_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER orders_text_au AFTER UPDATE ON orders_ordertext BEGIN INSERT INTO orders_text_fts(orders_text_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); INSERT INTO orders_text_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "INSERT INTO orders_text_fts(orders_text_fts) VALUES ('rebuild')",
]
SQLITE_AWAY = ["DROP TRIGGER orders_text_ai", "DROP TRIGGER orders_text_ad", "DROP TRIGGER orders_text_au", "DROP TABLE orders_text_fts"]
POSTGRES = ["CREATE INDEX orders_text_gin ON orders_ordertext USING gin (array_to_tsvector(string_to_array(tokens, ' ')))"]
POSTGRES_AWAY = ["DROP INDEX orders_text_gin"]


def blind(tokens: str, ring: crypto.KeyRing) -> str:
    """Places stay and come first; the hashes are sorted. As search.py stores them."""
    parts = list(dict.fromkeys(tokens.split()))
    places = [t for t in parts if is_place(t)]
    return " ".join([*places, *sorted({ring.blind(t) for t in parts if not is_place(t)})])


def is_place(token: str) -> bool:
    """p and the 32 hex digits of an area."""
    return len(token) == 33 and token[0] == "p" and set(token[1:]) <= set("0123456789abcdef")


def forwards(apps, schema_editor):
    model = apps.get_model("orders", "OrderText")
    sqlite = schema_editor.connection.vendor == "sqlite"
    # SQLite: what is written over is gone from the file as well, and so from every backup made of it.
    for statement in ["PRAGMA secure_delete = ON", *SQLITE_AWAY] if sqlite else POSTGRES_AWAY:
        schema_editor.execute(statement)
    after = 0
    while rows := list(model.objects.filter(id__gt=after).order_by("id").values_list("id", "tokens")[:BATCH]):
        ring = crypto.ring()
        update_rows(model, ["tokens"], [(pk, blind(tokens, ring)) for pk, tokens in rows])
        after = rows[-1][0]
    for statement in SQLITE if sqlite else POSTGRES:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_promises")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
