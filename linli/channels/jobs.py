"""What channels do by themselves: old orders handed in at the desk, a moment each second; calls owed to other systems;
notices by mail and text message; devices that have fallen silent."""

from linli.channels import actions
from linli.channels.hooks import calling
from linli.channels.outside import calling as calling_outside
from linli.channels.sensors import actions as sensors
from linli.ledger.handlers import every
from linli.notices.outside import actions as outside


@every(1, name="channels.file_batches")
def file_batches() -> None:
    """Go on with the file that waits longest, and with what is being taken back."""
    actions.file_batches()
    actions.finish_leaving()


@every(3, name="channels.call_hooks")
def call_hooks() -> None:
    """Tell other systems what has happened; see `hooks.calling`."""
    calling.call_hooks()


@every(3600, name="channels.forget_calls")
def forget_calls() -> None:
    """Calls that were answered are kept for a week."""
    calling.forget_calls()


@every(5, name="channels.send_outside")
def send_outside() -> None:
    """Notices by mail and text message; see `outside.calling`."""
    calling_outside.send_outside()


@every(3600, name="channels.forget_sendings")
def forget_sendings() -> None:
    """What went out is kept for thirty days."""
    outside.forget()


@every(60, name="channels.watch_devices")
def watch_devices() -> None:
    """What no reading tells: devices that are silent, values that stay where they were."""
    sensors.watch_devices()
