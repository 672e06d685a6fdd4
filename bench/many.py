"""Very many orders put in by SQL, for what a page or a tick costs among them. Made rows, not made by the actions: they
measure reading and ticking, and are never counted as intake."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from linli.grid.models import Area
from linli.kernel import clock
from linli.orders import search

THINGS = ("电梯", "路灯", "垃圾", "水管", "停车", "噪音", "消防通道", "门禁", "楼道", "充电桩")
KINDS = ("repair", "sanitation", "safety", "noise", "parking", "dispute", "help", "repair")
CATEGORIES = ("property", "environment", "health", "education", "traffic", "safety", "municipal", "welfare", "commerce", "culture")
LIGHTS = ("green", "green", "green", "green", "green", "green", "yellow", "red")


def _pick(values: tuple[str, ...], step: int) -> str:
    cases = " ".join(f"WHEN {n} THEN '{v}'" for n, v in enumerate(values))
    return f"(CASE (i / {step}) % {len(values)} {cases} END)"


def _nth(values: tuple[str, ...]) -> str:
    """The value by i, of many of one length: cut out of one text."""
    return f"substr('{''.join(values)}', 1 + (i % {len(values)}) * {len(values[0])}, {len(values[0])})"


def _uuid(tag: str, number: str = "i") -> str:
    """A UUID that grows with the number: v7-shaped, the same text on both databases."""
    if connection.vendor == "postgresql":
        return f"('0190{tag}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"
    return f"('0190{tag}000070008000' || printf('%012x', {number}))"


def _given(value: UUID) -> str:
    return f"'{value}'::uuid" if connection.vendor == "postgresql" else f"'{value.hex}'"


def _communities(areas: list[Area], what: str) -> str:
    cases = " ".join(f"WHEN {n} THEN {_given(getattr(a, what))}" for n, a in enumerate(areas))
    return f"(CASE i % {len(areas)} {cases} END)"


def _place(areas: list[Area], what: str) -> str:
    cases = " ".join(f"WHEN {n} THEN '{search.place(getattr(a, what))} '" for n, a in enumerate(areas))
    return f"(CASE i % {len(areas)} {cases} END)"


def _series(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS s(i)"
    return f"(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count}) SELECT i FROM s)"


def _time(at: datetime, spread_seconds: int) -> str:
    if connection.vendor == "postgresql":
        return f"(timestamptz '{at.isoformat()}' - make_interval(secs => i % {spread_seconds}))"
    return f"datetime('{at:%Y-%m-%d %H:%M:%S}', '-' || (i % {spread_seconds}) || ' seconds')"


def fill_orders(count: int, responsible: UUID, open_share: int = 2) -> None:
    """`count` orders over the cast's communities, every `open_share`-th one open, with search tokens."""
    areas = list(Area.objects.filter(level=Area.COMMUNITY).order_by("code"))
    now = clock.now()
    yes, no = ("true", "false") if connection.vendor == "postgresql" else ("1", "0")
    is_open = f"(CASE WHEN i % {open_share} = 0 THEN {yes} ELSE {no} END)"
    day = f"'{clock.local_day(now).isoformat()}'"
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO orders_order (id, number, state, is_open, kind, category, procedure, procedure_version, clause, door,
              urgency, confidential, history, batch, title, thing, street_id, community_id, unit, place_text, responsible_id,
              responsible_via, opened_at, local_day, answer_due_at, solve_due_at, ending, light, reopened, voice_count,
              satisfied, so_so, unsolved, not_reached, waits_answer, step, way, line, relation, due_at, waits_for, level,
              warning, seriousness, difficulty, returned, taken_back, urged, shown)
            SELECT {_uuid("aaaa")}, 'B-' || i, (CASE WHEN i % {open_share} = 0 THEN 'assigned' ELSE 'closed' END), {is_open},
              {_pick(KINDS, 3)}, {_pick(CATEGORIES, 7)}, 'group_appeal', 2, 'WXQ-4.2', 'group', 0, {no}, {no}, '',
              {_pick(THINGS, 5)} || ' · 报修', {_pick(THINGS, 5)}, {_communities(areas, "street_id")},
              {_communities(areas, "id")}, '', '锦绣苑' || (i % 90) || '号楼', {_given(responsible)}, 'worker',
              {_time(now, 2_000_000)}, {day}, {_time(now + timedelta(hours=2), 2_000_000)},
              {_time(now + timedelta(days=30), 2_000_000)}, '', {_pick(LIGHTS, 11)}, 0, 1, 0, 0, 0, 0, {is_open},
              'work', 'resident', '', '', {_time(now + timedelta(hours=2), 2_000_000)}, '', 0, 0, 0, 0, 0, 0, 0, {no}
            FROM {_series(count)}""")
        words = [search.tokens(f"{t}坏了三天没人管，{n}号楼老人下不去楼") for n, t in enumerate(THINGS)]
        # A word that every 997th has.
        rare = tuple(search.tokens(f"w{n}") for n in range(997))
        cursor.execute(f"""
            INSERT INTO orders_ordertext (order_id, tokens)
            SELECT {_uuid("aaaa")}, {_place(areas, "street_id")} || {_place(areas, "id")} || {_pick(tuple(words), 5)} || ' ' || {_nth(rare)}
              FROM {_series(count)}""")
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "ANALYZE orders_order, orders_ordertext")


def fill_clocks(count: int, first_due: datetime) -> None:
    """Two running clocks for each of the first `count` orders, due far ahead, one second apart."""
    ladder = '[[80, "holder"], [100, "community_head"], [150, "street"]]'
    ladder = f"'{ladder}'::jsonb" if connection.vendor == "postgresql" else f"'{ladder}'"
    now = clock.now()
    for tag, name, minutes, until in (("bbbb", "answer", 120, "answer"), ("cccc", "solve", 960, "handle")):
        if connection.vendor == "postgresql":
            due = f"(timestamptz '{first_due.isoformat()}' + make_interval(secs => i))"
        else:
            due = f"datetime('{first_due:%Y-%m-%d %H:%M:%S}', '+' || i || ' seconds')"
        with connection.cursor() as cursor:
            cursor.execute(f"""
                INSERT INTO orders_clock (id, order_id, name, round, state, calendar, amount, pauses, until, clause, started_at, due_at, ladder,
                  step, next_at, light)
                SELECT {_uuid(tag)}, {_uuid("aaaa")}, '{name}', 0, 'running', 'clock', {minutes}, '[]'{"::jsonb" if connection.vendor == "postgresql" else ""}, '{until}', '', '{now:%Y-%m-%d %H:%M:%S}+00:00',
                  {due}, {ladder}, 0, {due}, 'green' FROM {_series(count)}""")
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "ANALYZE orders_clock")
