"""Sensors (B5, B6): readings of devices come in by the API or a file; a rule on them opens an order at the place.

Readings are not kept: a device knows what it said last, an alarm since when it holds (`actions.take_readings`).
"""
