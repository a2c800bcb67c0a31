"""The conversation of the pictures that show a tree, and the driving of it."""

import asyncio
from pathlib import Path

from conduit_tui.tui.app import ConduitApp
from tests.pictures import keep, say, settled
from tests.servers.http import Exchange, Reply, Sleep
from tests.servers.openai_server import DONE, chunk, usage

BULLETS = """\
- **One leader.** The servers elect a leader for a term; all changes go through it.
- **One log.** The leader appends each change to its log and copies it to the followers.
- **A majority decides.** What stands on most servers is committed, and survives any crash of a \
minority.
"""
SONAR = """\
- A cluster *elects* one server, and the others follow it [1].
- The leader *replicates* a log of commands, in order.
- A command is *committed* once a majority has stored it.
"""
CHILD = """\
Imagine five friends who keep one shopping list, each a copy. They choose a **captain**. Whoever \
wants milk tells the captain, who writes it down and tells the others. Once three of the five have \
*milk* on their paper, it is decided.

If the captain falls asleep, the friends choose another one: somebody whose list misses nothing \
that was decided.
"""
CHILD_AGAIN = """\
Imagine five friends who keep one shopping list, each a copy. They choose a **captain**. Whoever \
wants milk whispers it to the captain, who writes it down and calls it out. Once three of the five \
have *milk* on their paper, it is decided.

If the captain stays silent, the friends vote for another one: somebody whose list misses nothing \
that was decided.
"""
ANSWERS = {
    "Explain Raft in 3 bullets": BULLETS,
    "Explain Raft to a child": CHILD,
    "What if the captain sleeps?": "Each friend waits a little, not all equally long. The first "
    "one who gets tired of waiting says: *vote for me!* With three votes it is the new captain.",
    "And if two stand up at once?": "Then neither may get three votes. Both sit down, wait a "
    "random while, and try again.",
    "Why a random while?": "So that next time one of them is first.",
    "Sum it up in a line": "A captain writes, most agree, and a silent captain is replaced.",
    "Compare it with Paxos": "Both agree by majorities. Raft has a strong leader and one order of "
    "the log; Paxos lets anybody propose, and builds a log of single decisions.",
    "Show the vote as code": "```python\ndef wins(votes: int, servers: int) -> bool:\n"
    '    """Whether a candidate becomes leader."""\n    return votes > servers // 2\n```',
}
"""What the server says, by the last question."""

OTHERS = {
    "Which knots does a sailor need?": "The bowline, the cleat hitch and the figure of eight. On "
    "a captain's ship they are tied in the dark.",
    "Plan a week in Oslo": "Monday: the opera and the harbour. Tuesday: the museums of Bygdøy.",
}
"""The same for sessions of their own."""

LATE = "Write a story of it"
"""The question whose answer comes when one has left its branch."""


SECONDS = 0.4
"""How long each answer takes, so that the pictures tell a duration."""


class Storyteller:
    """Answers by the question, the second time with other words; `go` lets the late one end."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self._asked: dict[str, int] = {}

    def __call__(self, exchange: Exchange) -> Reply:
        question = str(exchange.body["messages"][-1]["content"])
        asked = self._asked[question] = self._asked.get(question, 0) + 1
        if question == LATE:
            began = chunk({"content": "Once upon a time, five friends shared a list. "})
            ended = chunk({"content": "They never lost it again."}, finish="stop")
            return Reply([began, self.go, ended, usage(420, 180), DONE])
        if exchange.body["model"].startswith("sonar"):
            text = SONAR
        elif question.endswith("child") and asked > 1:
            text = CHILD_AGAIN
        else:
            text = (ANSWERS | OTHERS)[question]
        said = [Sleep(SECONDS), chunk({"content": text}, finish="stop")]
        return Reply([*said, usage(240, len(text) // 4), DONE])


async def drive_tree(app: ConduitApp, pilot, folder: Path, told: Storyteller) -> None:
    """Talk on several branches, and keep the sidebar, the explorer, two siblings and a search."""
    await _talk_of_other_things(app, pilot)
    await _talk(app, pilot)
    await _leave_a_branch(app, pilot, told)
    await press(pilot, "escape", "t", "k")
    keep(app, folder / "tree.svg")
    await press(pilot, "escape", "T", '"')
    await pilot.pause(0.5)
    keep(app, folder / "explorer.svg")
    await press(pilot, "=")
    await pilot.pause(0.5)
    keep(app, folder / "compare.svg")
    await press(pilot, "escape", "escape", "ctrl+f", *"captain role:assistant ")
    await pilot.pause(1)
    await press(pilot, "down", "down")
    await pilot.pause(0.5)
    keep(app, folder / "search.svg")
    await press(pilot, "escape")


async def _talk_of_other_things(app: ConduitApp, pilot) -> None:
    for question in OTHERS:
        await say(app, pilot, question)
        await press(pilot, "ctrl+n")
        await pilot.pause(0.2)


async def _talk(app: ConduitApp, pilot) -> None:
    """Two questions, one an edit of the other, with replies of two models and two temperatures."""
    await say(app, pilot, "/model openai/gpt-5.4-mini")
    await say(app, pilot, "/tools off")
    await say(app, pilot, "/tools on current_time")
    await say(app, pilot, "Explain Raft in 3 bullets")
    await say(app, pilot, "/title Raft, in other words")
    await say(app, pilot, "/tools off")
    await say(app, pilot, "/model perplexity/sonar-pro")
    await say(app, pilot, "/retry")
    await say(app, pilot, "/model openai/gpt-5.4-mini")
    await say(app, pilot, "Compare it with Paxos")
    await press(pilot, "escape", *"gg", "e")
    await say(app, pilot, "Explain Raft to a child")
    await say(app, pilot, "/retry temperature=0.9")
    await say(app, pilot, "/star")
    for question in list(ANSWERS)[2:6]:
        await say(app, pilot, question)
    await say(app, pilot, "/label summary")


async def _leave_a_branch(app: ConduitApp, pilot, told: Storyteller) -> None:
    """Ask on one branch, go on on another, and let the first reply end unseen."""
    await press(pilot, "escape", *"kkc")
    for text in (LATE, "/go summary"):
        app.chat.prompt.load(text, ())
        await pilot.press("enter")
        await pilot.pause(0.5)
    told.go.set()
    await settled(app, pilot)
    await press(pilot, "escape", "i")
    await say(app, pilot, "Show the vote as code")


async def press(pilot, *keys: str) -> None:
    """Press keys one by one, each dealt with before the next."""
    for key in keys:
        await pilot.press({" ": "space", ":": "colon"}.get(key, key))
        await pilot.pause(0.05)
