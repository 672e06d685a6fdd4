"""A district as the first tables held it, brought to the tables of today: `python -m tests.site.older`, on the database of the
environment. Prints one JSON object: rows by table before and after, and what of them is read now."""

import json
import sys
from datetime import UTC, date, datetime, time
from typing import Any

import django
from django.apps import apps as now
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from linli.kernel import ids
from linli.language import search_tokens
from linli.site import cli

WORDS = "3号楼2单元电梯坏了，老人下不去楼"
PLACE = "p" + "ab" * 16
MOMENT = datetime(2026, 3, 2, 2, tzinfo=UTC)
#: what a generic value would not be like; the procedure is written as the first version wrote it
OWN: dict[str, dict[str, Any]] = {
    "calendars.Calendar": {"code": "own", "kind": "hours"},
    "calendars.Shift": {"weekday": 1},
    "calendars.Version": {"id": 1},
    "grid.RosterShift": {"weekday": 1, "starts": time(9), "ends": time(17)},
    "groups.Message": {"text": WORDS, "text_hash": "0" * 64},
    "orders.Order": {"state": "assigned", "kind": "repair", "category": "property", "procedure": "group_appeal", "title": "电梯坏了"},
    "orders.OrderText": {"tokens": f"{PLACE} {' '.join(search_tokens(WORDS))}"},
    "orders.Clock": {"name": "answer", "state": "running", "calendar": "clock", "ladder": []},
    "orders.Voice": {"words": WORDS},
    "standards.Kind": {"code": "repair", "label": "维修（本区叫法）", "category": "property", "solve_calendar": "hours"},
    "standards.Procedure": {"code": "group_appeal", "name": "微信群诉求", "clause_code": "WXQ-4.2", "data": {"answer": 120, "solve": "kind"}},
    "knowledge.Entry": {"code": "own_entry", "question": "本区的老年食堂在哪？", "wordings": [], "answer": "锦绣路 8 号。", "state": "in_force"},
}


def value(field: models.Field, n: int) -> Any:
    """Something that the column takes."""
    match field:
        case models.UUIDField():
            return ids.new()
        case models.DateTimeField():
            return MOMENT
        case models.DateField():
            return date(2026, 3, 2)
        case models.TimeField():
            return time(9)
        case models.BooleanField():
            return False
        case models.JSONField():
            return []
        case models.IntegerField() | models.FloatField() | models.DecimalField():
            return n
        case models.BinaryField():
            return b"x"
    return f"x{n}"[: field.max_length or None]


def row(apps: Any, model: Any, made: dict[str, Any]) -> Any:
    """One row of the model of that time, and first those that it points at."""
    label = model._meta.label
    if label in made:
        return made[label]
    own = OWN.get(label, {})
    given: dict[str, Any] = {}
    for n, field in enumerate(model._meta.concrete_fields):
        if field.name in own:
            given[field.name] = own[field.name]
        elif isinstance(field, models.ForeignKey) and not field.null:
            given[field.name] = row(apps, field.related_model, made)
        elif not field.null and not field.has_default() and not isinstance(field, models.AutoField):
            given[field.name] = value(field, n + 1)
    made[label] = model.objects.create(**given)
    return made[label]


def counts(tables: list[str]) -> dict[str, int]:
    """Rows by table, of those that are there."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            if table in there:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
                found[table] = cursor.fetchone()[0]
        return found


def main() -> int:
    """First tables, a row in each, today's tables."""
    django.setup()
    executor = MigrationExecutor(connection)
    ours = {app.label for app in now.get_app_configs() if app.name.startswith("linli.")}
    leaves = executor.loader.graph.leaf_nodes()
    first = [(app, "0001_initial") if app in ours else (app, name) for app, name in leaves]
    state = executor.migrate(first)
    old = state.apps
    made: dict[str, Any] = {}
    for model in old.get_models():
        if model._meta.app_label in ours and model._meta.managed:
            row(old, model, made)
    tables = [m._meta.db_table for m in old.get_models() if m._meta.app_label in ours]
    before = counts(tables)
    connection.close()
    code = cli.main(["migrate"])
    after = counts(tables)
    get = now.get_model
    message, voice, order = get("groups", "Message").objects.get(), get("orders", "Voice").objects.get(), get("orders", "Order").objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM groups_message")
        at_rest = str(cursor.fetchone()[0])
    json.dump({
        "code": code, "before": before, "after": after, "message": message.text, "at_rest": at_rest, "voice": voice.words,
        "step": order.step, "tokens": get("orders", "OrderText").objects.get().tokens,
        "kind": get("standards", "Kind").objects.get(code="repair").label, "kinds": get("standards", "Kind").objects.count(),
        "procedures": list(get("standards", "Procedure").objects.filter(code="group_appeal").order_by("version").values_list("version", "state")),
        "documents": get("standards", "Document").objects.filter(state="in_force").count(),
        "entry": get("knowledge", "Entry").objects.get(code="own_entry").answer, "entries": get("knowledge", "Entry").objects.count(),
        "again": cli.main(["migrate", "--check"]),
    }, sys.stderr, ensure_ascii=False)  # fmt: skip
    return code


if __name__ == "__main__":
    sys.exit(main())
