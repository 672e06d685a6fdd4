"""Rules on the readings of a kind of device: written by one person, in force by another's yes (clause GZ-1.1)."""

from uuid import UUID

from django.db import transaction

from linli.channels.models import Alarm, SensorRule
from linli.channels.sensors import access
from linli.channels.sensors.actions.devices import locked
from linli.channels.sensors.kinds import ABOVE, BELOW, KINDS, SHIPPED, TESTS
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.ledger.record import Row, record

MOST_MINUTES = 30 * 24 * 60


@transaction.atomic
def save_rule(
    *, by: Actor, kind: str, label: str, test: str, threshold: float | None = None, minutes: int = 0, cause: str = ""
) -> SensorRule:  # fmt: skip
    """Write a rule, or another version of the one named by `cause`; it waits for a second person. Raises Forbidden, BadInput."""
    access.ask(by, "save_rule")
    label = label.replace("\x00", "").strip()
    if kind not in KINDS or test not in TESTS:
        raise BadInput("请选设备种类，以及怎样算告警。", "bad_rule")
    if not label or len(label) > 20:
        raise BadInput("请给这条规则起个名字，20 字以内，比如：积水偏深。", "bad_label")
    if test in (ABOVE, BELOW) and threshold is None:
        raise BadInput(f"请写{KINDS[kind].reading}到多少算告警（单位：{KINDS[kind].unit}）。", "missing_threshold")
    if not 0 <= minutes <= MOST_MINUTES:
        raise BadInput("持续的时间请写 0 到 43200 分钟（30 天）。", "bad_minutes")
    if cause and not SensorRule.objects.filter(kind=kind, cause=cause).exists():
        raise NotFound("没有找到这条规则。")
    cause = cause or ids.new().hex[-12:]
    SensorRule.objects.filter(kind=kind, cause=cause, state=SensorRule.DRAFT).delete()
    rule = SensorRule.objects.create(
        kind=kind, cause=cause, label=label, test=test, threshold=threshold if test in (ABOVE, BELOW) else None, minutes=minutes,
        written_by=by.id, written_at=clock.now(),
    )  # fmt: skip
    record(by, "channels.save_rule", Row("sensor_rule", rule.id, facts={"kind": kind, "test": test}))
    return rule


@transaction.atomic
def approve_rule(*, by: Actor, rule_id: UUID) -> SensorRule:
    """The second person's yes: from now on it holds, in place of its version before. What rings already goes on ringing.
    Raises Forbidden for her own writing, WrongState."""
    access.ask(by, "approve_rule")
    rule = _draft(rule_id)
    if rule.written_by == by.id:
        raise Forbidden("自己写的规则，要请另一位同志来审核。")
    SensorRule.objects.filter(kind=rule.kind, cause=rule.cause, state=SensorRule.IN_FORCE).update(state=SensorRule.ENDED)
    rule.state, rule.approved_by, rule.approved_at = SensorRule.IN_FORCE, by.id, clock.now()
    rule.save()
    # What only waits is judged by the new rule from its next reading on.
    Alarm.objects.filter(device__kind=rule.kind, cause=rule.cause, raised_at=None).update(since=None, due_at=None)
    record(by, "channels.approve_rule", Row("sensor_rule", rule.id, facts={"kind": rule.kind, "test": rule.test}))
    return rule


@transaction.atomic
def drop_rule(*, by: Actor, rule_id: UUID) -> None:
    """Throw a draft away. Raises Forbidden, WrongState."""
    access.ask(by, "drop_rule")
    rule = _draft(rule_id)
    record(by, "channels.drop_rule", Row("sensor_rule", rule.id, facts={"kind": rule.kind}))
    rule.delete()


def _draft(rule_id: UUID) -> SensorRule:
    rule = next(iter(locked(SensorRule.objects.filter(id=rule_id))), None)
    if rule is None:
        raise NotFound("没有找到这条规则。")
    if rule.state != SensorRule.DRAFT:
        raise WrongState("这条规则已经有人审过了，请刷新后再看。")
    return rule


@transaction.atomic
def seed_rules(*, by: Actor) -> int:
    """Write the shipped rules that a district does not know yet; what it changed stays. Safe to run again."""
    known = set(SensorRule.objects.values_list("kind", "cause"))
    now = clock.now()
    rows = [
        SensorRule(kind=kind, cause=cause, label=label, test=test, threshold=threshold, minutes=minutes, state=SensorRule.IN_FORCE,
                   written_at=now, approved_at=now)
        for kind, cause, label, test, threshold, minutes in SHIPPED if (kind, cause) not in known
    ]  # fmt: skip
    SensorRule.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        record(by, "channels.seed_rules", Row("sensor_rule", rows[0].id, facts={"rows": len(rows)}))
    return len(rows)
