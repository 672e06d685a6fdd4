"""Handlers of a test: registered for its time only."""

import pytest

from linli.ledger import handlers


@pytest.fixture
def subscribe(monkeypatch):
    """`subscribe("lamps.light", name="test.count", batch=10)(function)`; the product's own handlers are silent."""
    monkeypatch.setattr(handlers, "_by_verb", handlers.defaultdict(list))
    monkeypatch.setattr(handlers, "_by_name", {})
    monkeypatch.setattr(handlers, "_periodic", {})
    return handlers.on
