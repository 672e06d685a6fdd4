"""One call over HTTP within a few seconds: no redirects, nothing kept of the answer but its status."""

import http.client
import ssl
import time
from urllib.parse import urlsplit

SECONDS = 8.0


class Unanswered(Exception):
    """No answer came: the reason as a short code."""


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send the body; returns the HTTP status. Raises Unanswered when the other side is away, slow or speaks no HTTP."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    end = time.monotonic() + SECONDS
    if parts.scheme == "https":
        line: http.client.HTTPConnection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        line.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "linli-webhook", **headers})
        line.sock.settimeout(max(0.1, end - time.monotonic()))
        return line.getresponse().status
    except TimeoutError as exc:
        raise Unanswered("timeout") from exc
    except (OSError, http.client.HTTPException, ValueError) as exc:
        raise Unanswered(type(exc).__name__) from exc
    finally:
        line.close()
