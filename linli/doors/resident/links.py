"""A personal link to one voice, for people without an account: callers, visitors of the counter. Signed, so that nobody
can guess another's; it opens that order's plain steps and lets her rate, nothing else."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound

_SALT = "linli.voice"


def make(voice_id: UUID) -> str:
    """The token of a voice's link."""
    return signing.Signer(salt=_SALT).sign(voice_id.hex)


def personal_path(voice_id: UUID) -> str:
    """The path of a voice's own page, to be shown as a code or sent to her phone."""
    return reverse("voice_link", args=[make(voice_id)])


def actor_of(token: str) -> Actor:
    """Whoever holds the link. Raises NotFound for anything that we did not sign."""
    try:
        return Actor("link", UUID(signing.Signer(salt=_SALT).unsign(token)))
    except (signing.BadSignature, ValueError) as exc:
        raise NotFound("这个链接不完整，请从短信或回执上重新打开。", "bad_link") from exc
