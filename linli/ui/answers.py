"""What a view says back to the small scripts: a line at the foot of the page, with a way to take it back."""

import json

from django.http import HttpResponse


def toast(response: HttpResponse, text: str, undo: str = "") -> HttpResponse:
    """Let the page show `text` for some seconds; `undo` is an address that is POSTed when 撤回 is tapped."""
    said = json.loads(response.headers.get("HX-Trigger", "{}"))
    said["toast"] = {"text": text, "undo": undo}
    response.headers["HX-Trigger"] = json.dumps(said)
    return response
