"""Questions of 小栖 that nobody answered."""

from linli.assistant import actions
from linli.ledger.handlers import every


@every(5, name="assistant.expire_asks")
def expire_asks() -> None:
    """Their words become matters."""
    actions.expire_asks()
