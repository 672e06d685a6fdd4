"""Word search: FTS5 over the token column on SQLite, a GIN index on the same tokens on PostgreSQL."""

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE orders_text_fts USING fts5(tokens, content='orders_ordertext', content_rowid='id', tokenize='unicode61')",
    "CREATE TRIGGER orders_text_ai AFTER INSERT ON orders_ordertext BEGIN INSERT INTO orders_text_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER orders_text_ad AFTER DELETE ON orders_ordertext BEGIN INSERT INTO orders_text_fts(orders_text_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER orders_text_au AFTER UPDATE ON orders_ordertext BEGIN INSERT INTO orders_text_fts(orders_text_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); INSERT INTO orders_text_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
]
# Our own tokens, taken as they are: no parser of the server's locale stands between them and the index.
POSTGRES = ["CREATE INDEX orders_text_gin ON orders_ordertext USING gin (array_to_tsvector(string_to_array(tokens, ' ')))"]


def forwards(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("ai", "ad", "au"):
            schema_editor.execute(f"DROP TRIGGER orders_text_{name}")
        schema_editor.execute("DROP TABLE orders_text_fts")
    else:
        schema_editor.execute("DROP INDEX orders_text_gin")


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
