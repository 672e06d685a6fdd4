"""Consequences: one small file each. An event of one room has an effect in another; nobody waits for it."""
