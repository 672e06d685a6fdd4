"""The two secrets of an installation: what is wrong with them, and how to mend it, in plain words."""

import os
import secrets
from pathlib import Path

from linli.kernel import crypto
from linli.site import env

DEMO = "demo"
_MAKE = "Make both with:  linli init --keys   and keep them where the service reads its environment."


def problems() -> list[str]:
    """Why `serve` must not start with these keys; empty = they are good. Demo keys are good in demo mode only."""
    found = []
    secret, ring = env.get("LINLI_SECRET_KEY"), env.get("LINLI_DATA_KEYS")
    demo = env.flag("LINLI_DEMO")
    if not secret:
        found.append("LINLI_SECRET_KEY is not set. It signs sessions and links; 50 characters or more.")
    elif len(secret) < 50 or len(set(secret)) < 10:
        found.append("LINLI_SECRET_KEY is too short or too simple: 50 random characters or more.")
    elif secret.startswith(DEMO) and not demo:
        found.append("LINLI_SECRET_KEY is the demo's. Real people need a key of their own.")
    try:
        keys = crypto.KeyRing(ring)
    except ValueError as exc:
        found.append(f"LINLI_DATA_KEYS cannot be used: {exc}. It seals names, phones and addresses.")
    else:
        if not demo and any(key_id.startswith(DEMO) for key_id in keys.keys):
            found.append("LINLI_DATA_KEYS holds a demo key. Real people need a key of their own.")
        if any(len(set(key)) < 8 for key in keys.keys.values()):
            found.append("LINLI_DATA_KEYS holds a key that is not random.")
    return [*found, _MAKE] if found else []


def fresh(mark: str = "") -> dict[str, str]:
    """New keys as environment variables."""
    return {
        "LINLI_SECRET_KEY": f"{mark}-{secrets.token_urlsafe(48)}".lstrip("-"),
        "LINLI_DATA_KEYS": crypto.new_key(f"{mark}1" if mark else "k1"),
    }


def of_demo(var: Path) -> dict[str, str]:
    """The demo's keys from `var/demo-keys` (0600), made when they are not there."""
    path = var / "demo-keys"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(f"{k}={v}\n" for k, v in fresh(DEMO).items()))
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
