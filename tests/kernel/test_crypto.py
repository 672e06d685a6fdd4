"""The key ring: sealed values name their key, changed values are refused, equal texts can be found and nothing else."""

import pytest

from linli.kernel import crypto
from linli.kernel.crypto import KeyMissing, KeyRing

OLD, NEW = "a1:" + "12" * 32, "b2:" + "ab" * 32


def test_what_is_sealed_can_be_opened_and_never_looks_the_same():
    ring = KeyRing(OLD)
    one, two = ring.seal("周桂英 3号楼"), ring.seal("周桂英 3号楼")
    assert one != two and one.startswith("a1:") and "周" not in one
    assert ring.open(one) == ring.open(two) == "周桂英 3号楼"
    assert ring.seal("") == ring.open("") == ""


def test_a_new_key_seals_and_the_old_one_still_opens():
    before = KeyRing(OLD).seal("13800001234")
    ring = KeyRing(f"{NEW},{OLD}")
    assert ring.open(before) == "13800001234"
    assert ring.seal("x").startswith("b2:")


def test_a_blind_index_outlives_the_adding_of_a_key():
    assert KeyRing(f"{NEW},{OLD}").index("13800001234") == KeyRing(OLD).index("13800001234")
    assert KeyRing(OLD).index("13800001234") != KeyRing(NEW).index("13800001234")
    assert KeyRing(OLD).index("") == "" and len(KeyRing(OLD).index("x")) == 32


def test_a_missing_key_is_named():
    with pytest.raises(KeyMissing, match="a1"):
        KeyRing(NEW).open(KeyRing(OLD).seal("x"))


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_changed_value_is_refused(place):
    key_id, sealed = KeyRing(OLD).seal_bytes(b"words")
    changed = bytearray(sealed)
    changed[place] ^= 1
    with pytest.raises(ValueError, match="changed"):
        KeyRing(OLD).open_bytes(key_id, bytes(changed))


@pytest.mark.parametrize("text", ["", "nonsense", "a1:12", "a1:" + "zz" * 32, f"{OLD},{OLD}", "a-1:" + "12" * 32])
def test_a_malformed_ring_is_refused(text):
    with pytest.raises(ValueError):
        KeyRing(text)


def test_a_new_key_fits_the_ring(monkeypatch):
    monkeypatch.setenv(crypto.ENV, crypto.new_key("k7"))
    assert crypto.ring().open(crypto.ring().seal("好")) == "好"
