"""A temporary PostgreSQL cluster for tests and the bench: own folder, Unix socket only, gone when it is stopped."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PDEATHSIG = 1


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Ask the kernel for a signal when the parent ends, however it ends. Does nothing where there is no prctl."""
    try:
        ctypes.CDLL(None).prctl(PDEATHSIG, sign, 0, 0, 0)
    except (OSError, AttributeError):
        return


def programs() -> Path | None:
    """The folder with initdb and postgres: the newest that Debian installed, else the PATH's; None = lacking."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return Path(path).resolve().parent if path and shutil.which("postgres") else None


class Missing(Exception):
    """PostgreSQL's server is not installed, or no ordinary user is there to run it."""


class TemporaryCluster:
    """`durable=False` switches fsync off (tests); `durable=True` keeps the settings of real use (bench).

    As root the server runs as user `postgres`, because initdb refuses root. Raises Missing where it cannot be had.
    """

    def __init__(self, folder: Path | None = None, *, durable: bool = False, max_connections: int = 300):
        self.folder = folder or Path(tempfile.mkdtemp(prefix="linli-pg-"))
        self.durable, self.max_connections = durable, max_connections
        self._server: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """DATABASE_URL of one of its databases; known before the start."""
        return f"postgresql://linli@/{database}?host={self.folder}"

    def _user(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError as exc:
            raise Missing("no user `postgres` to run the server as") from exc
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def start(self, seconds: float = 60) -> str:
        """Make the cluster and wait until it answers; returns `url()`."""
        where = programs()
        if where is None:
            raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        who = self._user()
        self.folder.mkdir(parents=True, exist_ok=True)
        if who:
            os.chown(self.folder, who["user"], who["group"])  # type: ignore[arg-type]
        self.folder.chmod(0o700)
        data = self.folder / "data"
        make = [where / "initdb", "-D", data, "-U", "linli", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        done = subprocess.run(make, cwd="/", capture_output=True, **who)  # type: ignore[call-overload]  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr.decode(errors='replace')[-800:]}")
        options = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.folder}'",
            "max_connections": str(self.max_connections),
            "shared_buffers": "256MB",
            "timezone": "'UTC'",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        (data / "postgresql.auto.conf").write_text("".join(f"{k} = {v}\n" for k, v in options.items()))
        log = (self.folder / "log").open("ab")
        self._server = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603
            [where / "postgres", "-D", data], cwd="/", stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=lambda: die_with_parent(signal.SIGINT), **who,
        )  # fmt: skip
        log.close()
        self._wait(where, time.monotonic() + seconds)
        return self.url()

    def _wait(self, where: Path, until: float) -> None:
        ask = [where / "pg_isready", "-q", "-h", self.folder]
        while subprocess.run(ask, cwd="/", check=False).returncode:  # noqa: S603
            assert self._server is not None
            if self._server.poll() is not None or time.monotonic() > until:
                told = (self.folder / "log").read_text(errors="replace")[-800:]
                self.stop()
                raise RuntimeError(f"the temporary PostgreSQL did not start: {told}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server and remove its folder; safe to call twice."""
        server, self._server = self._server, None
        if server is not None:
            server.send_signal(signal.SIGQUIT if not self.durable else signal.SIGINT)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "TemporaryCluster":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
