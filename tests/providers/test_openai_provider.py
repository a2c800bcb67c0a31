"""Which of its two wires OpenAI's provider takes, against servers that have one, both or none."""

from typing import Any

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse
from conduit_tui.core.events import GenerationStopped
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.providers.openai_provider import OpenAI
from tests.providers.asking import events_until_error, user
from tests.servers.http import Exchange, LoopbackServer, Reply
from tests.servers.openai_server import error, refused, streamed
from tests.servers.responses_server import said

CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
NOWHERE = refused(404, "<html><body>404 page not found</body></html>")
ONLY_THERE = refused(
    404, error("This model is only supported in v1/responses and not in v1/chat/completions.")
)


async def asked(model: str, times: int = 1, **replies: Reply) -> tuple[list[str], list[Any]]:
    """The paths that were asked, and the events of the last time."""

    def answer(exchange: Exchange) -> Reply:
        name = {CHAT: "chat", RESPONSES: "responses"}[exchange.path]
        return replies.get(name, NOWHERE)

    request = Request(model, (user("hello"),), Params())
    events: list[Any] = []
    async with LoopbackServer(answer) as server:
        url = f"http://127.0.0.1:{server.port}/v1"
        provider = OpenAI(Endpoint("openai", "openai", url, key_optional=True))
        for _ in range(times):
            events = await events_until_error(provider, request)
        await provider.aclose()
    return [exchange.path for exchange in server.exchanges], events


async def test_a_server_elsewhere_is_asked_by_chat() -> None:
    paths, events = await asked("gpt-5", chat=streamed("x"), responses=Reply(said("x")))

    assert paths == [CHAT]
    assert events[-1] == GenerationStopped("end_turn")


@pytest.mark.parametrize(("model", "chat"), [("gpt-5", NOWHERE), ("mystery-pro", ONLY_THERE)])
async def test_what_is_to_be_had_by_responses_alone_is_asked_so_from_then_on(
    model: str, chat: Reply
) -> None:
    paths, events = await asked(model, 2, chat=chat, responses=Reply(said("x")))

    assert paths == [CHAT, RESPONSES, RESPONSES]
    assert events[-1] == GenerationStopped("end_turn")


async def test_where_neither_answers_the_first_refusal_is_told() -> None:
    paths, (failure,) = await asked("gpt-5")

    assert paths == [CHAT, RESPONSES]
    assert isinstance(failure, BadResponse)
    assert "Its base_url is probably wrong" in str(failure)


async def test_another_model_that_is_not_there_is_not_asked_for_twice() -> None:
    paths, (failure,) = await asked("qwen3")

    assert paths == [CHAT]
    assert isinstance(failure, BadResponse)
