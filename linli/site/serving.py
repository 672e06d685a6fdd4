"""Run an ASGI app in uvicorn with the product's settings."""

import resource
from typing import Any

import uvicorn

from linli.site import env
from linli.site.router import Router


class Server(uvicorn.Server):
    """Closes the live streams first, so that stopping does not wait for readers who would stay for hours."""

    async def shutdown(self, sockets: Any = None) -> None:
        app = self.config.app
        if isinstance(app, Router) and app.live:
            app.live.close_all()
        await super().shutdown(sockets)


def server(app: Router, *, host: str, port: int) -> Server:
    """A server for the app; nothing runs yet."""
    config = uvicorn.Config(
        app, host=host, port=port, http="httptools", loop="uvloop", ws="none", lifespan="on",
        access_log=False, server_header=False, log_level="warning", backlog=2048,
        proxy_headers=True, forwarded_allow_ips="127.0.0.1", timeout_keep_alive=20, timeout_graceful_shutdown=5,
    )  # fmt: skip
    return Server(config)


def run(app: Router) -> int:
    """Serve on LINLI_BIND:LINLI_PORT until SIGTERM or SIGINT; returns the exit code."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        # Each open live stream is one file.
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536) if hard > 0 else 65_536, hard))
    running = server(app, host=env.get("LINLI_BIND"), port=int(env.get("LINLI_PORT")))
    running.run()
    return 0 if running.started else 1
