"""Every setting that the environment gives, in one table: `linli doctor` and docs/settings.md read it too."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """name of the variable, default as text, and what it means."""

    name: str
    default: str
    meaning: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("LINLI_SECRET_KEY", "", "Signs sessions and links; at least 50 characters. Required.", True),
    Setting("LINLI_DATA_KEYS", "", "Key ring for personal data: id:64 hex,… ; the first is current. Required.", True),
    Setting("DATABASE_URL", "", "postgres://user:password@host:port/name; empty = SQLite under LINLI_VAR", True),
    Setting("LINLI_VAR", "var", "Folder for the SQLite database, files, sockets and logs"),
    Setting("LINLI_DEMO", "", "1 = demo mode: virtual clock, log-in list, simulator. Never with real people"),
    Setting("LINLI_DEV", "", "1 = for programmers: static files straight from the source, reload on change"),
    Setting("LINLI_HOSTS", "127.0.0.1,localhost", "Host names that the pages answer to, separated by commas"),
    Setting("LINLI_PORT", "8000", "Port of `linli serve`"),
    Setting("LINLI_BIND", "127.0.0.1", "Address of `linli serve`; TLS stands in front of it"),
    Setting("LINLI_HTTPS", "", "1 = served behind TLS: secure cookies, HSTS. Set it in production"),
    Setting("LINLI_SMS_BACKEND", "console", "console or file: where phone codes and notices go until a vendor is connected"),
    Setting("LINLI_MAIL_BACKEND", "off", "off, console, file or smtp: notices by mail to staff who chose it"),
    Setting("LINLI_MAIL_URL", "", "smtps://user:password@host:465, or smtp://… with STARTTLS (none on the loopback)", True),
    Setting("LINLI_MAIL_FROM", "", "Address that mail comes from"),
    Setting("LINLI_DIGEST", "08:30", "Local time of the day's digest of unread notices, for staff who chose it"),
    Setting("LINLI_QUIET", "22:00-07:00", "Hours in which 小栖 starts nothing by itself, local time"),
    Setting("LINLI_SMALL_TALK_DAYS", "7", "Days that small talk is kept; its hash and outcome stay"),
    Setting("LINLI_MAX_IMAGE_MB", "15", "Largest picture that is taken, in MB"),
    Setting("LINLI_MAX_AUDIO_MB", "10", "Largest voice message that is taken, in MB"),
    Setting("LINLI_WEB_THREADS", "8", "Threads for pages in each web process"),
    Setting("LINLI_WORKERS", "1", "Worker processes of `linli serve`"),
    Setting("LINLI_HOOK_HOSTS", "", "Hosts that webhooks may call: name or name:port by HTTPS, http://name:port without; commas"),
    Setting("LINLI_LEARN", "1", "Learn in the background from wordings and decisions; empty = never (a very small machine)"),
    Setting("LINLI_PG_NOTIFY", "", "1 = also NOTIFY over PostgreSQL, when web, live and work run on several machines"),
    Setting("LINLI_SCRIBE_URL", "", "OpenAI-compatible endpoint (…/v1) that may reword answers and guess fields; empty = none"),
    Setting("LINLI_SCRIBE_KEY", "", "Key for that endpoint", True),
    Setting("LINLI_SCRIBE_MODEL", "", "Name of the model that is asked there"),
    Setting("LINLI_SCRIBE_SECONDS", "4", "Seconds after which its answer is no longer waited for"),
)
_DEFAULTS = {s.name: s.default for s in SETTINGS}


def get(name: str) -> str:
    """The variable's text or its default; a name that is not in the table is a programming error (KeyError)."""
    return os.environ.get(name, _DEFAULTS[name])


def address() -> str:
    """Where people open the pages: the first public host of LINLI_HOSTS, else this machine. No slash at the end."""
    hosts = [h.strip() for h in get("LINLI_HOSTS").split(",")]
    public = [h for h in hosts if h and h not in ("127.0.0.1", "localhost", "[::1]") and h[0] not in ".*"]
    if public:
        return f"{'https' if flag('LINLI_HTTPS') else 'http'}://{public[0]}"
    return f"http://127.0.0.1:{get('LINLI_PORT')}"


def flag(name: str) -> bool:
    """True for 1, true, yes, on."""
    return get(name).lower() in ("1", "true", "yes", "on")
