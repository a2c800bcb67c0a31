"""Addresses in the prompt: what is offered behind a command, and what the help says of them."""

from dataclasses import replace

import pytest

from conduit_tui.core.address import resolve
from conduit_tui.core.marks import Mark
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from conduit_tui.tui import argument_offers, chat_commands, composer, slash
from conduit_tui.tui.address_help import address_help
from conduit_tui.tui.address_offers import offer_addresses
from conduit_tui.tui.screens.help import HelpScreen
from conduit_tui.tui.widgets.completion_list import CompletionList
from tests.conftest import AT
from tests.tui.stage import Chat, Stage

VISIT = replace(slash.COMMANDS[0], name="visit", argument_hint="ADDRESS", takes="address")


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `/visit ADDRESS`, a command of this test's alone, was run with."""
    arguments: list[str] = []

    async def command_visit(_: object, argument: str) -> None:
        arguments.append(argument)

    rows = (*slash.COMMANDS, VISIT)
    for module in (slash, composer, argument_offers):
        monkeypatch.setattr(module, "COMMANDS", rows)
    monkeypatch.setitem(slash._BY_NAME, "visit", VISIT)
    monkeypatch.setattr(chat_commands.ChatCommands, "command_visit", command_visit, raising=False)
    return arguments


def talk() -> Session:
    """A question with two answers, the first labelled best; one is at the second."""
    session = Session("5e55" * 8, "Raft")
    for name, above, text in (
        ("1111", None, "Explain [b]Raft[/b] | `x`"),
        ("2222", "1111", "Raft is a way to agree"),
        ("3333", "1111", "Imagine a class of *children*"),
    ):
        role = "user" if above is None else "assistant"
        predecessor = above and above * 8
        session.add(Message(name * 8, session.id, predecessor, role, (Text(text),), AT))
    session.set_mark("2222" * 8, Mark("best"))
    session.visit("3333" * 8)
    return session


def offered(chat: Chat) -> list[str]:
    return [line.strip() for line in chat.lines(CompletionList) if line.strip()]


async def test_typing_an_address_offers_what_it_may_become(stage: Stage, visited: list[str]):
    session = talk()
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        chat.session.set_mark("2222" * 8, Mark("best"))
        await chat.press(*"/visit @")
        await chat.until(lambda: len(offered(chat)) == 4)
        first, second, *_ = offered(chat)
        assert first.split("  ", 1)[0] == "@"
        assert "Imagine a class" in first
        assert second.split("  ", 1)[0] == "@best"
        assert "Raft is a way to agree" in second
        await chat.press("b", "tab")
        assert chat.screen.prompt.text == "/visit @best"
        await chat.press("enter")
        await chat.until(lambda: visited == ["@best"])


async def test_letters_behind_digits_narrow_and_enter_takes_the_first(
    stage: Stage, visited: list[str]
):
    session = talk()
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.press(*"/visit 22")
        await chat.until(lambda: len(offered(chat)) == 1)
        assert offered(chat)[0].startswith("2222222  model: Raft is")
        await chat.press("enter")
        await chat.until(lambda: visited == ["2222222"])


async def test_a_second_address_is_offered_and_enter_sends_it_as_it_is_typed(
    stage: Stage, visited: list[str]
):
    session = talk()
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.press(*"/visit @^ 33")
        await chat.until(lambda: len(offered(chat)) == 1)
        await chat.press("enter")
        await chat.until(lambda: visited == ["@^ 33"])
        await chat.press(*"/visit @^ 33", "tab")
        assert chat.screen.prompt.text == "/visit @^ 3333333"


def test_what_stands_before_the_last_address_stays_and_a_text_goes_to_the_end():
    session = talk()
    assert [offer.value for offer in offer_addresses(session, "@^ 22")] == ["@^ 2222222"]
    assert [offer.shown for offer in offer_addresses(session, "@^ 22")] == ["2222222"]
    texts = [offer.value for offer in offer_addresses(session, "@^ :/raft is")]
    assert texts == ["@^ :/raft is", "@^ 2222222"]


async def test_help_has_topics_and_shows_addresses_of_the_session_on_view(stage: Stage):
    session = talk()
    await stage.keep(session, last=session)
    async with stage.open(size=(120, 40)) as chat:
        await chat.send("/help addresses")
        await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))
        await chat.sees("@~3 is three above", "in this session", "model: Raft is a way")
        await chat.press("escape")
        await chat.run("/help nonsense")
        await chat.is_told("There is no help on 'nonsense'. Topics: addresses.")


def test_every_example_in_the_help_is_true():
    session = talk()
    text = address_help(session).replace("\\", "")
    for address, words in (
        ("3333333", "model: Imagine"),
        ("@best", "model: Raft is"),
        ("@^", "you: Explain [b]Raft[/b]"),
        ("@^1", "model: Raft is"),
        (":/Imagine", "model: Imagine"),
    ):
        assert f"| `{address}` | {words}" in text
        assert resolve(address, session)


def test_words_of_messages_are_no_markdown_in_the_help():
    text = address_help(talk())
    assert "you\\: Explain \\[b\\]Raft\\[\\/b\\] \\| \\`x\\`" in text
    assert "class of children" in text


def test_an_empty_session_has_no_examples():
    assert address_help(Session("s1")).count("In this session") == 0
