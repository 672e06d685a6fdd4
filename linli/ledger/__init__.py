"""Event: history and outbox in one. `record()` writes the history row and one Delivery per subscribed handler in the
caller's transaction; `delivery.run_once()` runs handlers, whose effects and "done" commit together; `wake.touch()`
tells live pages and workers that something changed. Models are in `models`, handlers register with `handlers.on`."""
