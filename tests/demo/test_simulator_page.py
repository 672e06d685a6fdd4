"""/desk/simulator/: only in demo mode, only for staff; its buttons do what they say."""

import pytest
from django.test import Client

from linli.demo import simulator
from linli.ledger.clockrow import start
from linli.ledger.models import VirtualClock

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def demo(settings, tmp_path, cast):
    settings.LINLI_DEMO, settings.LINLI_VAR, settings.ROOT_URLCONF = True, tmp_path, "tests.demo.urls"
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(cast.account["li_min"], backend=BACKEND)
    return client


def press(client, **data):
    answer = client.post("/desk/simulator/set/", data)
    assert answer.status_code in (302, 400)
    return client.get("/desk/simulator/").content.decode()


def test_it_stops_and_goes_on(demo):
    assert "先停一停" in demo.get("/desk/simulator/").content.decode()
    start(speed=60.0)
    assert "接着演" in press(demo, do="pause") and simulator.status()["paused"] is True
    assert VirtualClock.objects.get().speed == 0.0, "stopped, its clock stands still"
    assert "先停一停" in press(demo, do="resume") and simulator.status()["paused"] is False
    assert VirtualClock.objects.get().speed == 60.0


def test_its_pace_and_the_clock_are_set_and_kept_in_bounds(demo):
    press(demo, pace="5.0")
    assert simulator.status()["pace"] == 5.0
    press(demo, pace="100000")
    assert simulator.status()["pace"] == simulator.FASTEST
    assert "真的时间" in demo.get("/desk/simulator/").content.decode()
    start(speed=1.0)
    press(demo, speed="60.0")
    assert VirtualClock.objects.get().speed == 60.0
    for wrong in ("nan", "-1", "fast", ""):
        assert demo.post("/desk/simulator/set/", {"pace": wrong}).status_code == 400
    assert simulator.status()["pace"] == simulator.FASTEST


def test_residents_and_guests_stay_out(demo, cast):
    resident = Client(SERVER_NAME="127.0.0.1")
    resident.force_login(cast.account["zhou"], backend=BACKEND)
    for client in (resident, Client(SERVER_NAME="127.0.0.1")):
        assert client.get("/desk/simulator/").status_code == 403
        assert client.post("/desk/simulator/set/", {"do": "pause"}).status_code == 403
    assert simulator.status()["paused"] is False


def test_outside_the_demo_there_is_no_such_page(demo, settings):
    settings.LINLI_DEMO = False
    assert demo.get("/desk/simulator/").status_code == 404
    settings.ROOT_URLCONF = "linli.site.urls"
    assert demo.get("/desk/simulator/").status_code == 404
