"""`linli doctor`: what is configured, reachable, missing, and how to mend it. It changes nothing."""

import argparse
import json
import sys

from linli.site.health import data, duty, machine, report
from linli.site.health.report import BAD, WARN, Finding

FIRST = (
    ("设置", machine.check_settings), ("钥匙", machine.check_keys), ("文件夹", machine.check_folder),
    ("页面", machine.check_static), ("语言", machine.check_model), ("短信", machine.check_sms), ("邮件", machine.check_mail),
    ("助写", machine.check_scribe), ("进程", machine.check_processes), ("数据库", data.check_database),
)  # fmt: skip
WITH_TABLES = (
    ("钥匙", data.check_keys_of_data), ("附件", data.check_files), ("时间", data.check_clock), ("标准", data.check_standards),
    ("消息", data.check_stuck), ("人员", duty.check_people), ("值班", duty.check_roster), ("助写", data.check_errands),
    ("提醒", data.check_sendings), ("学习", data.check_learning),
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json"""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """0 = nothing is broken (warnings may be there); 1 = something is."""
    findings = [f for part, check in FIRST for f in report.run(part, check)]
    if not any(f.level == BAD and f.part in ("数据库", "钥匙") for f in findings):
        findings += [f for part, check in WITH_TABLES for f in report.run(part, check)]
    broken = any(f.level == BAD for f in findings)
    if args.json:
        body = {"ok": not broken, "settings": machine.table(), "findings": [f.as_json() for f in findings]}
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=1) + "\n")
    else:
        _say(findings)
    return 1 if broken else 0


def _say(findings: list[Finding]) -> None:
    for name, value in machine.table().items():
        sys.stdout.write(f"  {name:<22} {value}\n")
    sys.stdout.write("\n")
    for finding in findings:
        sys.stdout.write(finding.line() + "\n")
    bad = sum(f.level == BAD for f in findings)
    warn = sum(f.level == WARN for f in findings)
    sys.stdout.write(f"\n{bad} 处坏了，{warn} 处要留意。\n")
