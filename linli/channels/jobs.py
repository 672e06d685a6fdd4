"""Old orders that somebody handed in at the desk are filed behind her back, a moment each second."""

from linli.channels import actions
from linli.ledger.handlers import every


@every(1, name="channels.file_batches")
def file_batches() -> None:
    """Go on with the file that waits longest, and with what is being taken back."""
    actions.file_batches()
    actions.finish_leaving()
