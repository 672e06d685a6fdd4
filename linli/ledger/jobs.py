"""House-keeping of the ledger, and the demo's clock."""

from datetime import timedelta

from django.conf import settings

from linli.kernel import clock
from linli.ledger import clockrow
from linli.ledger.handlers import every
from linli.ledger.models import Wake

if settings.LINLI_DEMO:
    clockrow.install()


@every(60, name="ledger.forget_wakes")
def forget_wakes() -> None:
    """Wake rows serve for seconds; after ten minutes nobody asks for them."""
    Wake.objects.filter(at__lt=clock.wall() - timedelta(minutes=10)).delete()
