"""Small helpers of the doors' tests: a signed-in client, and saying something until 小栖 has taken it in."""

from django.test import Client
from django.urls import reverse

from linli.assistant.intake import take_in
from linli.demo.cast import Cast
from linli.groups.models import Message
from linli.kernel import ids
from linli.ledger.delivery import deliver_all

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(cast: Cast, key: str) -> Client:
    """A browser in which somebody of the cast is signed in."""
    client = Client()
    client.force_login(cast.account[key], backend=BACKEND)
    return client


def work() -> None:
    """What a worker process does until nothing waits."""
    while take_in():
        pass
    deliver_all()


def say(client: Client, group, text: str, **more):
    """Send words to a group's page, and let them be taken in."""
    data = {"text": text, "key": str(ids.new()), **more}
    response = client.post(reverse("talk_say", args=[group.id]), data)
    work()
    return response


def last_out(group) -> Message:
    """小栖's newest word in a group or to one of its members."""
    return Message.objects.filter(group=group, direction=Message.OUT).order_by("-id")[0]
