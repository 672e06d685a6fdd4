"""Masking, actors and typed errors."""

from uuid import uuid4

import pytest

from linli.kernel import errors, masking
from linli.kernel.actors import BOT, GUEST, Actor, PostRef
from linli.kernel.roles import LABELS, Role

STREET, COMMUNITY, GRID = uuid4(), uuid4(), uuid4()
HERE = {"street_id": STREET, "community_id": COMMUNITY, "grid_id": GRID}


@pytest.mark.parametrize(
    ("given", "shown"),
    [("周桂英", "周*"), ("王", "王*"), ("", "")],
)
def test_a_name_shows_its_family_only(given, shown):
    assert masking.mask_name(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [("13812341234", "138****1234"), ("8888123", "*****23"), ("12", "12"), ("1", "1"), ("", "")],
)
def test_a_phone_shows_its_ends_only(given, shown):
    assert masking.mask_phone(given) == shown


def test_an_identity_number_shows_its_last_four():
    assert masking.mask_id("110101199003070000") == "*" * 14 + "0000"
    assert masking.mask_id("") == "" and masking.mask_home("1703") == "***"


def test_a_post_covers_what_stands_below_its_reach():
    elsewhere = HERE | {"grid_id": uuid4()}
    assert PostRef(uuid4(), Role.GRID_WORKER, STREET, COMMUNITY, GRID).covers(**HERE)
    assert not PostRef(uuid4(), Role.GRID_WORKER, STREET, COMMUNITY, GRID).covers(**elsewhere)
    assert PostRef(uuid4(), Role.COMMUNITY_HEAD, STREET, COMMUNITY).covers(**elsewhere)
    assert not PostRef(uuid4(), Role.DUTY_OFFICER, uuid4()).covers(**HERE)
    assert PostRef(uuid4(), Role.CENTRE).covers(street_id=None, community_id=None, grid_id=None)


def test_an_actor_is_of_a_known_kind_and_cannot_be_changed():
    with pytest.raises(ValueError):
        Actor("nobody")
    with pytest.raises(AttributeError):
        GUEST.kind = "system"  # type: ignore[misc]
    assert BOT.is_machine and not GUEST.is_machine


def test_roles_are_asked_of_posts():
    worker = Actor("worker", uuid4(), (PostRef(uuid4(), Role.GRID_WORKER), PostRef(uuid4(), Role.GROUP_OWNER)))
    assert worker.has_role(Role.GROUP_OWNER) and not worker.has_role(Role.CENTRE)
    assert len(list(worker.with_role(Role.GRID_WORKER, Role.CENTRE))) == 1


def test_every_role_has_its_word():
    assert set(LABELS) == set(Role) and len(set(LABELS.values())) == len(Role)


def test_typed_errors_speak_plain_chinese_and_have_codes():
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.LinliError)]
    assert len({k.code for k in kinds}) == len(kinds)
    for kind in kinds:
        error = kind()
        assert 400 <= error.status < 500 and error.message.endswith(("。", "！", "？"))
        assert all(ord(c) > 127 or c in " " for c in error.message)
