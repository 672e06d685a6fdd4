"""The tests' environment, chosen before Django is set up, then the product's own settings.

`LINLI_TEST_DB=sqlite|postgres` chooses the database. Each xdist worker has its own folder and database under
LINLI_TEST_ROOT, which the first process makes and hands on.
"""

import os
import shutil
import tempfile
from pathlib import Path

DATABASE = os.environ.get("LINLI_TEST_DB", "sqlite")
if DATABASE not in ("sqlite", "postgres"):
    raise SystemExit("LINLI_TEST_DB must be sqlite or postgres")
#: Files in memory, where there is room: a test's PostgreSQL database is 500 files, which took half a second on a disk and 0.06 here.
MEMORY = Path("/dev/shm")
IN_MEMORY = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30
ROOT = Path(os.environ.get("LINLI_TEST_ROOT") or tempfile.mkdtemp(prefix="linli-", dir=MEMORY if IN_MEMORY else None))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CLUSTER = ROOT.with_name(ROOT.name + "-pg")
#: what tests and the programs that they start write for a while: the profile of a browser, a folder of a test
SCRATCH = ROOT.with_name(ROOT.name + "-t")

KEEP = ("LINLI_TEST_DB", "LINLI_NO_SKIP")
for name in [n for n in os.environ if n.startswith("LINLI_") and n not in KEEP] + ["DATABASE_URL"]:
    os.environ.pop(name, None)
os.environ |= {
    "LINLI_TEST_ROOT": str(ROOT),
    "LINLI_VAR": str(ROOT / WORKER),
    "LINLI_SECRET_KEY": "test-" + "0123456789abcdef" * 4,
    "LINLI_DATA_KEYS": "test1:" + "5e" * 32,
    "LINLI_SMS_BACKEND": "file",
    "LINLI_HOSTS": "127.0.0.1,localhost,testserver",
    "LINLI_LEARN": "",
}
if DATABASE == "postgres":
    os.environ["DATABASE_URL"] = f"postgresql://linli@/{WORKER}?host={CLUSTER}"
(ROOT / WORKER).mkdir(parents=True, exist_ok=True)
SCRATCH.mkdir(exist_ok=True)
SCRATCH.chmod(0o755)  # PostgreSQL's own user passes through
os.environ["TMPDIR"] = tempfile.tempdir = str(SCRATCH)

from linli.site.settings import *  # noqa: E402, F403
from linli.site.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
if DATABASE == "sqlite":
    # The same file, the same write-ahead log, the same queue of writers; only without waiting for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
