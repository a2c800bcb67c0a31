"""`ask --at`: goes on from a message, in a session that stays where its person is."""

import json

import pytest

from conduit_tui.core.change import SetAbsence
from conduit_tui.core.marks import Absence
from tests.commands.conftest import Program
from tests.commands.history import change, opened
from tests.conftest import AT
from tests.servers.openai_server import OpenAIServer, streamed

ASK = ("ask", "-m", "openai/test")


def sent(server: OpenAIServer) -> list[str]:
    """The texts of the conversation that was sent last."""
    return [each["content"] for each in server.exchanges[-1].body["messages"]]


async def asked(program: Program, *arguments: str) -> tuple[str, str]:
    """Ask; return the ids of the reply and of its session."""
    found = json.loads((await program.run(*ASK, "--json", *arguments)).stdout)
    return found["message_id"], found["session_id"]


async def test_it_goes_on_below_the_message_and_the_leaf_stays(program: Program) -> None:
    async with OpenAIServer(*map(streamed, ("First.", "Second.", "Aside.", "Third."))) as server:
        program.use(server)
        first_id, session_id = await asked(program, "One")
        second_id, _ = await asked(program, "-c", "Two")
        aside_id, aside_session_id = await asked(program, "--at", "@~2", "Otherwise?")
        assert sent(server) == ["One", "First.", "Otherwise?"]
        assert aside_session_id == session_id
        async with opened(program.home) as store:
            session = await store.load(session_id)
            assert session is not None
            assert session.leaf_id == second_id
            assert [each.id for each in session.path(aside_id)][1] == first_id
        await asked(program, "-c", "Three")
        assert sent(server)[-2:] == ["Second.", "Three"]


async def test_at_the_leaf_the_session_moves_on(program: Program) -> None:
    async with OpenAIServer(streamed("First."), streamed("Second.")) as server:
        program.use(server)
        _, session_id = await asked(program, "One")
        second_id, _ = await asked(program, "--at", "@", "-c", "Two")
        assert sent(server) == ["One", "First.", "Two"]
        async with opened(program.home) as store:
            session = await store.load(session_id)
            assert session is not None
            assert session.leaf_id == second_id


async def test_an_id_is_found_in_any_session_and_the_last_one_stays_the_last(
    program: Program,
) -> None:
    async with OpenAIServer(*map(streamed, ("First.", "Other.", "More.", "Last."))) as server:
        program.use(server)
        first_id, session_id = await asked(program, "One")
        await asked(program, "Another talk")
        _, found_id = await asked(program, "--at", first_id[:9], "Two")
        assert found_id == session_id
        assert sent(server) == ["One", "First.", "Two"]
        await asked(program, "-c", "Three")
        assert sent(server) == ["Another talk", "Other.", "Three"]


async def test_a_session_can_be_named_by_its_title(program: Program) -> None:
    async with OpenAIServer(*map(streamed, ("First.", "Other.", "More.", "Yes."))) as server:
        program.use(server)
        await asked(program, "Explain Raft")
        await asked(program, "Plan a trip")
        await asked(program, "--session", "raft", "--at", "@^", "And?")
        assert sent(server) == ["Explain Raft\n\nAnd?"]  # two of one role are sent as one
        await asked(program, "--session", "raft", "More?")
        assert sent(server) == ["Explain Raft", "First.", "More?"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--at", "@^^"), "is the first message; nothing is above it"),
        (("--at", "@best"), "No message is labelled 'best'. It has no labels yet"),
        (("--at", "@..@^"), "--at takes one message, not a path."),
        (("--at", "ffff"), "No message of any session has an id that begins with 'ffff'."),
        (("--at", ""), "'' is no address"),
        (("--at", "@", "--session", "nowhere"), "No session has 'nowhere' in its title"),
        (("--session", " "), "The session's name is empty"),
        (("--at", "@", "--no-save"), "--no-save leaves alone"),
        (("--at", "@" + "^" * 10_000), "is the first message"),
    ],
)
async def test_what_cannot_be_found_is_a_usage_mistake_and_nothing_is_sent(
    program: Program, arguments: tuple[str, ...], words: str
) -> None:
    async with OpenAIServer(streamed("First.")) as server:
        program.use(server)
        await program.run(*ASK, "One")
        result = await program.run(*ASK, *arguments, "Two")
        assert (result.code, result.stdout) == (2, "")
        assert words in result.stderr
        assert len(server.exchanges) == 1


async def test_before_there_is_any_session_it_says_so(program: Program) -> None:
    program.environ["OPENAI_API_KEY"] = "sk-test"
    result = await program.run(*ASK, "--at", "@", "hi")
    assert (result.code, result.stdout) == (2, "")
    assert "There is no session yet." in result.stderr


async def test_without_a_history_there_is_nothing_to_go_on_from(program: Program) -> None:
    program.environ["OPENAI_API_KEY"] = "sk-test"
    (program.home / "data").mkdir(parents=True)
    (program.home / "data" / "conduit.db").mkdir()
    result = await program.run(*ASK, "--at", "@", "hi")
    assert (result.code, result.stdout) == (1, "")
    assert "no message to go on from" in result.stderr


async def test_below_what_was_pruned_nothing_is_said(program: Program) -> None:
    async with OpenAIServer(streamed("First."), streamed("Aside.")) as server:
        program.use(server)
        await asked(program, "One")
        aside_id, session_id = await asked(program, "--at", "@^", "Two")
        gone = SetAbsence(aside_id, Absence("pruned", AT))
        await change(program.home, session_id, (gone,))
        result = await program.run(*ASK, "--at", aside_id, "Three")
        assert (result.code, len(server.exchanges)) == (2, 2)
        assert f"{aside_id[:7]} was pruned" in result.stderr
