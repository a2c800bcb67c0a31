import asyncio
from contextlib import aclosing

from conduit_tui.core.errors import BadResponse, RateLimited
from conduit_tui.core.events import GenerationStopped, TextDelta, ThinkingDelta
from conduit_tui.core.request import Request
from conduit_tui.providers.scripted import Pause, Script, ScriptedProvider, reply
from tests.providers.asking import events_of, events_until_error, request, user


async def test_each_request_gets_the_next_script() -> None:
    provider = ScriptedProvider("local", [reply("one"), [ThinkingDelta("hm"), "two"]])

    assert await events_of(provider) == [TextDelta("one"), GenerationStopped("end_turn")]
    assert await events_of(provider) == [ThinkingDelta("hm"), TextDelta("two")]


async def test_a_script_that_is_used_up_says_so() -> None:
    (error,) = await events_until_error(ScriptedProvider("local", []))

    assert isinstance(error, BadResponse)
    assert str(error) == "The script of 'local' has come to its end."


async def test_an_exception_among_the_events_is_raised() -> None:
    error = RateLimited("slow down")

    provider = ScriptedProvider("local", [["half", error]])

    assert await events_until_error(provider) == [TextDelta("half"), error]


async def test_a_script_may_be_a_function_of_the_request() -> None:
    def parrot(asked: Request) -> Script:
        return reply(asked.messages[-1].text)

    provider = ScriptedProvider("local", parrot)

    assert (await events_of(provider, request(user("polly"))))[0] == TextDelta("polly")


async def test_it_waits_for_events_and_other_awaitables() -> None:
    gate, future = asyncio.Event(), asyncio.get_running_loop().create_future()
    provider = ScriptedProvider("local", [["a", gate, "b", future, "c"]])

    stream = provider.stream(request())
    assert await anext(stream) == TextDelta("a")
    asyncio.get_running_loop().call_soon(gate.set)
    assert await anext(stream) == TextDelta("b")
    asyncio.get_running_loop().call_soon(future.set_result, None)
    assert await anext(stream) == TextDelta("c")
    await stream.aclose()


async def test_pauses_go_by_the_clock_that_was_given() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await events_of(ScriptedProvider("local", [[Pause(0.5), "a"]], sleep=sleep))

    assert slept == [0.5]


async def test_requests_and_early_ends_are_recorded() -> None:
    provider = ScriptedProvider("local", [["a", "b"], ["a", asyncio.Event()], ["a"]])
    asked = request()

    async with aclosing(provider.stream(asked)) as stream:
        await anext(stream)
    async with aclosing(provider.stream(asked)) as stream:
        await anext(stream)
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await events_of(provider, asked)

    assert provider.requests == [asked] * 3
    assert provider.closed_early == 2
