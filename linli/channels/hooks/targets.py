"""Which addresses may be called: only hosts that the server's owner names in LINLI_HOOK_HOSTS."""

from urllib.parse import urlsplit

from django.conf import settings

from linli.kernel.errors import BadInput


def allowed() -> frozenset[tuple[str, str]]:
    """(scheme, host[:port]) of each entry; without a scheme it is HTTPS."""
    found = set()
    for entry in filter(None, (e.strip().lower() for e in settings.LINLI_HOOK_HOSTS.split(","))):
        scheme, _, host = entry.rpartition("://")
        found.add((scheme or "https", host.rstrip("/")))
    return frozenset(found)


def check(url: str) -> str:
    """The address, if it may be called. Raises BadInput: a host that is not named, a user or password within, no HTTP."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.lower()
        _ = parts.port
    except ValueError as exc:
        raise BadInput("回调地址读不出来。", "bad_url") from exc
    if parts.scheme not in ("http", "https") or "@" in host or any(c <= " " or c > "~" for c in url):
        raise BadInput("回调地址要以 https:// 开头，不能带用户名密码，也不能有空格和汉字。", "bad_url")
    if (parts.scheme, host) not in allowed():
        raise BadInput("这个主机不在 LINLI_HOOK_HOSTS 里：请先让服务器管理员加上。", "host_not_allowed")
    return url
