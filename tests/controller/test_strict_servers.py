"""Whatever a model calls, and however that ends, the next request is one its vendor takes."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from conduit_tui.core.conversation import NO_RESULT
from conduit_tui.core.events import TurnEnded
from conduit_tui.core.message import Message
from tests.controller.desk import events_of
from tests.controller.test_tools_over_wires import room, until_asked_and_looked
from tests.servers.acting import PLAYED, act
from tests.servers.wires import WIRES

LOOK = 'look {"at": "here"}'
PLAYS = {
    "side by side": f'{LOOK}\nlook {{"at": "there"}}\nthen\n{LOOK}',
    "one id for all": f"!dup\n{LOOK}\n{LOOK}\nthen\n!dup\n{LOOK}\n{LOOK}",
    "no ids": f"!noid\n{LOOK}\n{LOOK}\nthen\n!noid\n{LOOK}",
    "nothing but half a call": '!cut\n!mute\nlook {"at": "he',
    "cut between calls": f"!cut\n{LOOK}\n{LOOK}",
    "no such tool": 'no.such-tool {"a": 1}\nlook {"at": "here"}',
    "arguments that are none": "call look here\ncall look []\ncall look \ncall look {",
    "thirty": f"*30 {LOOK}",
}

STRICT = pytest.mark.parametrize("kind", sorted(PLAYED))


@STRICT
@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS)
async def test_every_play_can_be_gone_on_with(kind: str, play: str, tmp_path: Path) -> None:
    wire = WIRES[kind]
    async with wire.server(act(kind)) as server, room(tmp_path, wire, server) as here:
        session = here.controller.shelf.new()
        for words in (play, "And now?"):
            events = await events_of(here.controller.send(session, words))
            assert events[-1] == TurnEnded("done")
        line = list(session.path(session.leaf_id))
        for asking in [each for each in line if each.tool_calls and each.stop == "tool_calls"]:
            answers = line[line.index(asking) + 1]
            assert [each.call_id for each in asking.tool_calls] == [
                each.call_id for each in answers.tool_results
            ]


@STRICT
async def test_calls_at_work_when_the_program_was_killed_are_told_as_such(
    kind: str, tmp_path: Path
) -> None:
    wire = WIRES[kind]
    killed = tmp_path / "killed"
    killed.mkdir()
    async with wire.server(act(kind)) as server:
        async with room(tmp_path, wire, server) as first:
            session = first.controller.shelf.new()
            await until_asked_and_looked(
                first.controller.send(session, f'{LOOK}\nwrite {{"at": "x", "text": "y"}}')
            )
            for file in tmp_path.glob("conduit.db*"):  # what a kill would leave
                shutil.copy(file, killed)
        async with room(killed, wire, server) as second:
            found = await second.controller.shelf.open(session.id)
            assert found is not None
            assert _last(found).tool_calls
            events = await events_of(second.controller.send(found, "And now?"))
            assert events[-1] == TurnEnded("done")
            assert NO_RESULT in server.exchanges[-1].raw_body.decode()


def _last(session: Any) -> Message:
    return session[session.leaf_id]
