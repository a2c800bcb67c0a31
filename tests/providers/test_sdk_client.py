"""Opening a client: once, in a thread, with the garbage collector at rest meanwhile."""

import gc
from collections.abc import Iterator

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.providers.sdk_client import Connection

ENDPOINT = Endpoint("local", "openai-chat", "http://127.0.0.1:1/v1")


class Client:
    def __init__(self) -> None:
        self.collected_while_opening = gc.isenabled()
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Whatever a test does to the collector, the next one finds it at work."""
    yield
    gc.enable()
    gc.unfreeze()


def connection(opened=lambda _: Client()) -> Connection[Client]:
    return Connection(ENDPOINT, opened, lambda client: client.close())


async def test_the_collector_rests_while_the_client_is_opened_and_works_again():
    client = await connection().open()
    assert not client.collected_while_opening
    assert gc.isenabled()


async def test_a_collector_that_was_off_stays_off():
    gc.disable()
    await connection().open()
    assert not gc.isenabled()


async def test_it_works_again_also_when_the_client_cannot_be_opened():
    def fail(_: Endpoint) -> Client:
        raise OSError("no certificates")

    with pytest.raises(OSError, match="no certificates"):
        await connection(fail).open()
    assert gc.isenabled()


async def test_a_client_is_opened_once_and_anew_after_it_was_closed():
    held = connection()
    first = await held.open()
    assert await held.open() is first
    await held.aclose()
    assert first.is_closed
    assert await held.open() is not first
