"""One port, three ways: `/live` natively, static files from memory, everything else to Django."""

from typing import Any

from django.conf import settings

from linli.site.live import Hub, refuse


class Router:
    """The ASGI app. Without `pages` and `static` it is the live door alone (`linli live`), without models."""

    def __init__(self, *, live: Hub | None = None, pages: Any = None, static: Any = None):
        self.live, self.pages, self.static = live, pages, static

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self._life(receive, send)
        path = scope["path"]
        if path == "/live":
            return await (self.live.serve(scope, receive, send) if self.live else refuse(send, 404))
        if self.static and path.startswith(settings.STATIC_URL):
            return await self.static.serve(scope, send)
        return await (self.pages(scope, receive, send) if self.pages else refuse(send, 404))

    async def _life(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if self.live:
                    await self.live.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.live:
                    await self.live.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return
