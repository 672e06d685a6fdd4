"""办事问答: the same answers as in the groups; what is not known goes to a person, never silently."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.doors.resident import mine, words
from linli.groups.pace import check_pace
from linli.kernel.errors import LinliError
from linli.knowledge import facts, index, telling
from linli.knowledge.models import Entry

COMMON = 8


def told(entry: Entry, community: UUID | None) -> dict[str, Any]:
    """An entry for the page: its words at the place, its source, and the choices where it asks back."""
    known = index.by_code(community)
    choices = [(label, known[code]) for label, code in entry.choices if code in known]
    return {"entry": entry, "said": telling.told(entry.answer, facts.of_place(community)), "source": telling.source_of(entry), "choices": choices}


LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponse:
    """GET with `q` answers; POST gives the question to a person."""
    actor = request.actor  # type: ignore[attr-defined]
    members = mine.joined(mine.members(actor))
    context: dict[str, Any] = {"tab": "answers", "members": members, "member": members[0] if members else None}
    if request.method == "POST":
        try:
            sent = words.of(request)
            member = members[0] if members else None
            if member is None:
                return redirect("/report/")
            check_pace(member)
            words.say(actor, member, member.group, sent, hint={"door": "report", "kind": "consult"}, own=True)
        except LinliError as exc:
            return render(request, "doors/answers.html", {**context, "wrong": exc.message}, status=422)
        return redirect("/mine/?new=1")
    asked = request.GET.get("q", "").strip()[:LONGEST]
    community = members[0].group.community_id if members else None
    here = [e for e in index.current()[1].values() if index.holds(e, community)]
    if asked:
        context |= {"q": asked, **_find(asked, community)}
    context["common"] = sorted(here, key=lambda e: (-e.useful, e.code))[:COMMON]
    return render(request, "doors/answers.html", context)


def _find(asked: str, community: UUID | None) -> dict[str, Any]:
    answer, hits = index.ask(asked, community)
    if hits and answer.verdict == "answer":
        return told(hits[0], community)
    return {"close": hits[:3] if answer.verdict == "close" else [], "unknown": True}
