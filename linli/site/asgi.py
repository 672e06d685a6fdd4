"""The whole product as one ASGI app: what `linli serve` runs, and any other ASGI server may."""

from a2wsgi import WSGIMiddleware

from linli.site import env
from linli.site.wsgi import application as wsgi  # sets up Django; must stand before what uses it

# isort: split
from django.conf import settings

from linli.site.live import Hub
from linli.site.router import Router
from linli.site.static import Static


def build(*, live: bool = True) -> Router:
    """A fresh app with its own threads; `live=False` where `linli live` runs apart."""
    return Router(
        live=Hub() if live else None,
        pages=WSGIMiddleware(wsgi, workers=int(env.get("LINLI_WEB_THREADS"))),  # type: ignore[arg-type]
        static=Static(from_source="Manifest" not in settings.STORAGES["staticfiles"]["BACKEND"]),
    )
