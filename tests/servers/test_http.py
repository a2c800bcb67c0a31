"""The server that other tests lean on leaves nothing behind."""

import asyncio
import gc
import socket

import pytest

from tests.servers.http import LoopbackServer, Reply


@pytest.mark.parametrize("turns", range(8))
async def test_a_connection_that_comes_while_the_server_closes_is_closed_too(turns: int) -> None:
    async with LoopbackServer(lambda _: Reply()) as server:
        client = socket.create_connection(("127.0.0.1", server.port))
        for _ in range(turns):
            await asyncio.sleep(0)
    client.close()
    gc.collect()  # what is not closed warns, and a warning fails the test
