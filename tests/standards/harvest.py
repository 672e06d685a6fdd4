"""What a browser would send: the fields of a form in a page, in their order."""

from html.parser import HTMLParser

VOID_TYPES = ("submit", "button", "file")


class _Form(HTMLParser):
    def __init__(self, form_id):
        super().__init__(convert_charrefs=True)
        self.form_id, self.inside = form_id, False
        self.fields: dict[str, list[str]] = {}
        self.select: dict | None = None
        self.option: dict | None = None

    def handle_starttag(self, tag, attrs):
        given = {k: v if v is not None else "" for k, v in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input" and given.get("name") and given.get("type") not in VOID_TYPES:
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "select":
            self.select = {"name": given["name"], "first": None, "chosen": None}
        elif tag == "option" and self.select is not None:
            value = given.get("value", "")
            if self.select["first"] is None:
                self.select["first"] = value
            if "selected" in given:
                self.select["chosen"] = value

    def handle_endtag(self, tag):
        if tag == "select" and self.select is not None:
            value = self.select["chosen"] if self.select["chosen"] is not None else self.select["first"]
            if value is not None:
                self.fields.setdefault(self.select["name"], []).append(value)
            self.select = None
        if tag == "form":
            self.inside = False


def fields(html: str, form_id: str = "editor") -> dict[str, list[str]]:
    """name → values of the form with this id."""
    form = _Form(form_id)
    form.feed(html)
    return form.fields
