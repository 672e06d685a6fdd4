"""The only writer of devices, their rules and alarms."""

from linli.channels.sensors.actions.devices import NewDevice, add_device, add_devices, end_device
from linli.channels.sensors.actions.readings import (
    MOST_READINGS,
    NOTES_AT_MOST,
    Reading,
    Taken,
    take_readings,
    watch_devices,
)
from linli.channels.sensors.actions.rules import approve_rule, drop_rule, save_rule, seed_rules

__all__ = [
    "MOST_READINGS", "NOTES_AT_MOST", "NewDevice", "Reading", "Taken", "add_device", "add_devices", "approve_rule", "drop_rule", "end_device", "save_rule",
    "seed_rules", "take_readings", "watch_devices",
]
