"""What stands in front of several bot processes in earnest: takes turns, and tries the next one when one is gone."""

from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from tests.faults.servers import Server


class Proxy:
    """A round-robin proxy on this machine. Use as an async context manager."""

    def __init__(self) -> None:
        self.behind: list[Server] = []
        """Asked for their addresses anew each time, because a server that starts again has another port."""
        self.url = ""
        self.taken = 0
        self._turn = 0

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._client.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        """The answer of the first server that gives one; one that dies in the middle may have stored the update."""
        body = await request.read()
        self._turn += 1
        for place in range(len(self.behind)):
            address = self.behind[(self._turn + place) % len(self.behind)].url
            if not address:
                continue
            headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
            try:
                async with self._client.request(
                    request.method, address + request.path, data=body, headers=headers
                ) as answer:
                    self.taken += answer.status == 200
                    return web.Response(status=answer.status, body=await answer.read())
            except (aiohttp.ClientError, TimeoutError, OSError):
                continue
        return web.Response(status=502)
