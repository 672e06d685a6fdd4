"""Webhooks: signed as Standard Webhooks has it, called once per event that comes through, tried again, never for what the
account may not see. The receiver is a real HTTP server."""

import json
import re
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from linli.channels.hooks import actions, body, calling, post, selectors, signing, targets
from linli.channels.models import Hook, HookCall
from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, NotFound
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order
from tests.orders.test_states import WORDS


class Receiver:
    """Another system: keeps what it is told, answers with `status`, or not at all while `stall` is set."""

    def __init__(self):
        heard, self.status, self.stall, self.release = [], 200, False, Flag()
        self.heard, receiver = heard, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                said = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append((dict(self.headers), said))
                if receiver.stall:
                    receiver.release.wait(20)
                    return
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hear?from=linli"


@pytest.fixture
def receiver(settings):
    found = Receiver()
    settings.LINLI_HOOK_HOSTS = f"hotline.example.cn, http://127.0.0.1:{found.server.server_port}"
    yield found
    found.release.set()
    found.server.shutdown()
    found.server.server_close()


def hook(cast, receiver, who="zhao_hui", verbs=()) -> Hook:
    return actions.add_hook(by=SYSTEM, name="热线", url=receiver.url, account_id=cast.account[who].id, verbs=verbs)


def opened(cast, building="jx3") -> Order:
    """The lift of a building, told by one neighbour: one event."""
    voice = VoiceDraft(words="电梯坏了，我是周桂芳", name="周桂芳", phone="19000007788", account_id=cast.account["zhou"].id)
    draft = Draft(kind="repair", stamp=stamp_of_building(cast.building[building], "2单元"), voice=voice, thing="电梯")
    return orders.open_order(by=SYSTEM, draft=draft)


def run() -> int:
    actions.owe_calls()
    return calling.call_due()


def later(seconds: float) -> None:
    """Calls that wait are due now: the wall is not moved, their time is."""
    HookCall.objects.filter(state=HookCall.PENDING).update(due_at=clock.wall() - timedelta(seconds=seconds))


def test_a_receiver_hears_once_and_can_check_who_spoke(cast, at, receiver):
    made = hook(cast, receiver)
    order = opened(cast)
    orders.answer_order(by=cast.actor("zhao_hui"), order_id=order.id, words=WORDS)
    assert run() == 2 and run() == 0
    types = [json.loads(said)["type"] for _, said in receiver.heard]
    assert types == ["orders.open_orders", "orders.answer_order"]
    for heads, said in receiver.heard:
        # what a receiver does: the standard's own library, and a changed byte is found
        assert Webhook(made.secret).verify(said, heads)
        with pytest.raises(WebhookVerificationError):
            Webhook(made.secret).verify(said.replace(b"open", b"shut"), heads)
    data = json.loads(receiver.heard[1][1])["data"]
    assert (data["service_request_id"], data["status"], data["status_notes"]) == (order.number, "open", WORDS)
    assert "周" not in receiver.heard[0][1].decode() and "电梯坏了" not in receiver.heard[0][1].decode()


def test_it_is_tried_again_under_the_same_id_until_it_answers(cast, at, receiver):
    made = hook(cast, receiver)
    opened(cast)
    receiver.status = 500
    assert run() == 1
    call = HookCall.objects.get()
    assert (call.state, call.attempts, call.status) == (HookCall.PENDING, 1, 500) and call.due_at > clock.wall()
    made.refresh_from_db()
    assert made.failing_since is not None
    later(1)
    receiver.status = 302  # followed nowhere: an answer that is no yes
    assert run() == 1
    later(1)
    receiver.status = 204
    assert run() == 1
    assert len({heads["webhook-id"] for heads, _ in receiver.heard}) == 1 and len(receiver.heard) == 3
    made.refresh_from_db()
    assert HookCall.objects.get().state == HookCall.DONE and made.failing_since is None


def test_after_a_day_it_is_given_up_and_can_be_called_again_by_hand(cast, at, receiver):
    hook(cast, receiver)
    opened(cast)
    receiver.status = 503
    for _ in range(len(actions.WAITS) + 1):
        assert run() == 1
        later(1)
    assert HookCall.objects.get().state == HookCall.FAILED and run() == 0
    assert sum(actions.WAITS) >= 24 * 3600 - 3600
    assert [(r.owed, r.given_up) for r in selectors.overview()] == [(0, 1)]
    receiver.status = 200
    assert actions.call_again(by=SYSTEM) == 1 and run() == 1
    assert HookCall.objects.get().state == HookCall.DONE


def test_gone_ends_it(cast, at, receiver):
    made = hook(cast, receiver)
    opened(cast)
    receiver.status = 410
    assert run() == 1
    made.refresh_from_db()
    assert made.ended_at is not None
    opened(cast, "jx5")
    assert run() == 0
    with pytest.raises(NotFound):
        actions.end_hook(by=SYSTEM, hook_id=made.id)


def test_who_is_silent_or_away_holds_up_nobody(cast, at, receiver, monkeypatch):
    hook(cast, receiver)
    opened(cast)
    monkeypatch.setattr(post, "SECONDS", 0.3)
    receiver.stall = True
    assert run() == 1
    assert HookCall.objects.get().error == "timeout"
    receiver.server.server_close()
    receiver.server.shutdown()
    later(1)
    assert run() == 1
    assert HookCall.objects.get().error == "ConnectionRefusedError"


def test_only_what_its_account_may_see_and_nothing_confidential(cast, at, receiver):
    hook(cast, receiver, "qian_xiulan")
    opened(cast)
    assert run() == 0
    hook(cast, receiver, "zhao_hui", verbs=["handle_order"])
    draft = Draft(kind="abuse", stamp=stamp_of_building(cast.building["jx3"]), voice=VoiceDraft(words="他又打她了"))
    orders.open_order(by=SYSTEM, draft=draft)
    opened(cast)
    assert run() == 0 and receiver.heard == []


def test_what_became_confidential_since_is_not_told(cast, at, receiver):
    hook(cast, receiver)
    order = opened(cast)
    assert actions.owe_calls() == 1
    orders.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind="abuse")
    assert calling.call_due() == 1 and receiver.heard == []
    assert HookCall.objects.get().state == HookCall.DONE


def test_while_no_worker_looked_nothing_is_lost(cast, at, receiver):
    made = hook(cast, receiver)
    opened(cast)
    # a look long after: the hook's own mark says from where on
    Hook.objects.filter(id=made.id).update(since=clock.wall() - timedelta(days=3))
    assert actions.owe_calls() == 1 and actions.owe_calls() == 0
    made.refresh_from_db()
    assert clock.wall() - made.since <= actions.LOOK_BACK + timedelta(seconds=5)
    assert actions.owe_calls() == 0


@pytest.mark.parametrize("url", [
    "https://evil.example.cn/x", "http://hotline.example.cn/x", "https://user:pw@hotline.example.cn/", "ftp://hotline.example.cn/",
    "https://hotline.example.cn:99999/", "https://hotline.example.cn/热线", "hotline.example.cn", "https://hotline.example.cn:8443/",
])  # fmt: skip
def test_only_named_hosts_are_called(cast, receiver, url):
    with pytest.raises(BadInput):
        actions.add_hook(by=SYSTEM, name="x", url=url, account_id=cast.account["zhao_hui"].id)
    assert targets.check("https://hotline.example.cn/hear") and Hook.objects.count() == 0


def test_unknown_verbs_and_residents_are_refused(cast, receiver):
    for wrong in ({"verbs": ["view_voices"]}, {"account_id": cast.account["zhou"].id}):
        with pytest.raises(BadInput):
            actions.add_hook(by=SYSTEM, **{"name": "x", "url": receiver.url, "account_id": cast.account["zhao_hui"].id, "verbs": (), **wrong})


def test_a_known_signature_of_the_standard(settings):
    """The example of the Standard Webhooks specification's reference libraries."""
    heads = signing.headers("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert heads["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def told(receiver) -> dict:
    """verb → the last call of it."""
    return {said["type"].removeprefix("orders."): said for said in (json.loads(raw) for _, raw in receiver.heard)}


def test_lights_urging_supervision_and_requests_are_told_in_codes(cast, at, receiver):
    hook(cast, receiver)
    order = opened(cast)
    li, head = cast.actor("li_min"), cast.actor("zhao_hui")
    orders.assign_order(by=head, order_id=order.id, to=cast.account["li_min"].id)
    neighbour = VoiceDraft(words="我家老人下不去，我姓陈", name="陈大爷", phone="19000006677")
    orders.add_voices(by=head, order_id=order.id, voices=[neighbour])
    orders.urge_order(by=head, order_id=order.id)
    orders.supervise_order(by=cast.actor("cao_wei"), order_id=order.id, words="请李敏说明进展")
    orders.request_extension(by=li, order_id=order.id, clock_name="solve", amount=60, words="李敏在等配件")
    asked = order.requests.get()
    orders.refuse_request(by=head, request_id=asked.id, words="时间够用")
    orders.correct_order(by=head, order_id=order.id, kind="dispute")
    orders.split_order(by=head, order_id=order.id, voice_ids=[order.voices.order_by("id").last().id], words="是另一部电梯")
    at.move(hours=2, minutes=1)
    while orders.advance_clocks():
        pass
    run()
    while calling.call_due():
        pass
    heard = told(receiver)
    wanted = {"add_voices", "urge_order", "supervise_order", "request_extension", "refuse_request", "correct_order", "split_order", "warn_order"}
    assert wanted <= set(heard)
    assert heard["warn_order"]["about"] == {"clock": "answer", "percent": 100, "light": "red"}
    assert heard["warn_order"]["order"]["light"] == "red"
    assert heard["request_extension"]["about"] == {"clock": "solve", "amount": 60}
    assert heard["add_voices"]["about"]["people"] == 1
    assert heard["urge_order"]["about"] == {"times": 1}
    everything = "".join(raw.decode() for _, raw in receiver.heard)
    people = ("周", "陈", "李敏", "19000007788", "19000006677", "配件", "说明进展", "时间够用", "电梯坏了")
    assert not [p for p in people if p in everything]
    ids_ = [str(cast.account[k].id) for k in ("li_min", "zhao_hui", "cao_wei", "zhou")] + [str(v) for v in order.voices.values_list("id", flat=True)]
    assert not [i for i in ids_ if i in everything]


def test_a_review_by_another_body_is_told(cast, at, receiver):
    order = opened(cast)
    Order.objects.filter(id=order.id).update(reopened=2)
    orders.handle_order(by=SYSTEM, order_id=order.id, words=WORDS)
    hook(cast, receiver, verbs=["send_to_review"])
    orders.rate_order(by=SYSTEM, order_id=order.id, voice_id=order.voices.get().id, rating="unsolved")
    assert run() == 1
    assert told(receiver)["send_to_review"]["order"]["state"] == "review"


def test_the_page_about_the_api_names_every_verb_that_is_told():
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8").split("## Webhooks")[1].split("## Errors")[0]
    named = {v for line in page.splitlines() if line.startswith("| ") for v in re.findall(r"`(\w+)`", line.split("|")[2])} - {"about"}
    assert {f"orders.{v}" for v in named} == set(body.VERBS)


def test_no_verb_that_opens_sealed_things_can_be_heard():
    assert not {v for v in body.VERBS if any(w in v for w in ("view_", "call_", "print_", "copy_", "export_", "note_", "remove_voice"))}
