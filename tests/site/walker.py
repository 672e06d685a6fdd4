"""A small browser without scripts: cookies, redirects, forms; as if a proxy with TLS stood before the server."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Form:
    """One form of a page: where it goes, and the values it would send."""

    action: str
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        name = given.get("name")
        if name and self.forms and tag in ("input", "textarea", "select", "button"):
            form = self.forms[-1]
            form.names.add(name)
            if tag == "input" and given.get("type") not in ("submit", "checkbox", "radio", "file"):
                form.values[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


@dataclass
class Page:
    """What came back."""

    status: int
    path: str
    html: str

    def __post_init__(self) -> None:
        parser = _Forms()
        parser.feed(self.html)
        self.forms, self.links, self.text = parser.forms, parser.links, " ".join(parser.text)

    def form(self, part: str = "", name: str = "") -> Form:
        """The form whose address holds `part` and that has a field `name`."""
        for form in self.forms:
            if part in form.action and (not name or name in form.names):
                return form
        raise AssertionError(
            f"no form {part!r} {name!r} on {self.path}: {[f.action for f in self.forms]}\n{self.text[:800]}"
        )


class Person:
    """Somebody with a browser of her own."""

    def __init__(self, port: int, host: str):
        self.port, self.host = port, host
        self.cookies: dict[str, str] = {}

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Host": self.host, "X-Forwarded-Proto": "https", "Origin": f"https://{self.host}",
            "Referer": f"https://{self.host}/", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }  # fmt: skip
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        conn.request(method, path, body, headers)
        answer = conn.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            assert "Secure" in cookie, cookie
            self.cookies[name] = value
        conn.close()
        return answer.status, answer.headers.get("Location", ""), text

    def get(self, path: str) -> Page:
        """A page, after redirects."""
        return self._follow(path, *self._ask("GET", path))

    def _follow(self, path: str, status: int, to: str, text: str) -> Page:
        for _ in range(5):
            if status not in (301, 302, 303):
                break
            parts = urlsplit(urljoin(path, to))
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            status, to, text = self._ask("GET", path)
        return Page(status, path, text)

    def send(self, page: Page, form: Form, **values: str) -> Page:
        """Fill a form in and send it."""
        path = urlsplit(urljoin(page.path, form.action or page.path)).path
        return self._follow(path, *self._ask("POST", path, urlencode(form.values | values)))
