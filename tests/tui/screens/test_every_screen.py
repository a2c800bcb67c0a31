from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from textual.widgets import Input, TextArea

from conduit_tui.core.hit import Hit
from conduit_tui.core.journal import Entry, Journal
from conduit_tui.core.message import Message, Text
from conduit_tui.core.query import Query
from conduit_tui.core.rule import Rule
from conduit_tui.core.skill import SkillNote
from conduit_tui.core.spending import Account, Grouping, Spending, SpendingRow
from conduit_tui.core.structure import Loss
from conduit_tui.core.summary import SessionSummary
from conduit_tui.core.usage import Usage
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.screens.add_key import AddKey, KeySlot
from conduit_tui.tui.screens.changes import ChangedFile, Changes
from conduit_tui.tui.screens.confirm import Agree, Confirm
from conduit_tui.tui.screens.extract_chooser import ExtractChooser
from conduit_tui.tui.screens.keys import KeysScreen
from conduit_tui.tui.screens.line_input import LineInput, TextInput
from conduit_tui.tui.screens.model_picker import ModelGroup, ModelPicker
from conduit_tui.tui.screens.permissions import PermissionsScreen
from conduit_tui.tui.screens.pruned import Pruned, PrunedBranch
from conduit_tui.tui.screens.reflog import Reflog
from conduit_tui.tui.screens.search import SearchScreen
from conduit_tui.tui.screens.skills import SkillLine, SkillsScreen, SkillsView
from conduit_tui.tui.screens.text_view import TextView
from conduit_tui.tui.screens.tools import ToolLine, ToolsScreen
from conduit_tui.tui.screens.trash import Trash
from conduit_tui.tui.screens.trust import TrustDialog
from conduit_tui.tui.screens.usage import UsageScreen
from tests.tui.screens.opening import open_screen

EVIL = "x\x1b[2J [bold [/] \u202e日本語"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SPENT = Spending(1, Usage(10, 5, 1, 1, 1), Decimal(1), 1)
ROWS = tuple(SpendingRow(str(at), EVIL * 9, SPENT, SPENT) for at in range(30))


async def evil_account(by: Grouping, since: datetime | None) -> Account:
    return Account(by, ROWS)


async def evil_hits(query: Query, limit: int) -> AsyncGenerator[tuple[Hit, ...], None]:
    hit = Hit("s", EVIL * 2_000, "m", "user", EVIL, NOW, True, EVIL, EVIL * 99, ((0, 3), (8, 9)))
    yield (hit,) * 50


async def evil_message(hit: Hit) -> Message:
    return Message("m", "s", None, "assistant", (Text(EVIL * 99),), NOW, model=EVIL)


async def evil_diff(change_id: str) -> str:
    return f"--- {EVIL}\n+++ {EVIL}\n@@ -1 +1 @@\n-{EVIL}\n+{EVIL * 40}\n"


async def evil_skills() -> SkillsView:
    return EVIL_SKILLS


EVIL_SKILLS = SkillsView(
    [SkillLine(EVIL * at, EVIL, EVIL, EVIL * 99, EVIL * 99, standing=(EVIL,)) for at in (1, 2)],
    [SkillNote(EVIL, EVIL * 9, is_left_out=True)],
)


def switch(name: str, is_on: bool) -> None:
    """Nothing is switched here."""


SCREENS = {
    "tools": lambda: ToolsScreen(
        [ToolLine(EVIL * 9, "reads", EVIL, True, EVIL, (EVIL,), EVIL * 99)] * 30, switch, EVIL * 9
    ),
    "skills": lambda: SkillsScreen(EVIL_SKILLS, switch, evil_skills),
    "no skills": lambda: SkillsScreen(SkillsView(places=(EVIL,)), switch, evil_skills),
    "trust": lambda: TrustDialog(EVIL * 9, EVIL, lambda _: None),
    "models": lambda: ModelPicker([ModelGroup(EVIL, (EVIL,), EVIL), ModelGroup("b", ("c",))]),
    "keys": lambda: KeysScreen(load_keymap({})),
    "text": lambda: TextView(EVIL, EVIL * 100),
    "confirm": lambda: Confirm(EVIL * 20, EVIL, EVIL),
    "key": lambda: AddKey([KeySlot(EVIL, EVIL, EVIL)], EVIL),
    "search": lambda: SearchScreen(evil_hits, evil_message, EVIL, is_typed=False),
    "usage": lambda: UsageScreen(evil_account),
    "trash": lambda: Trash([SessionSummary("1", EVIL, NOW, 3, deleted_at=NOW)]),
    "pruned": lambda: Pruned(
        [PrunedBranch("1", EVIL, Loss(3, 10, Decimal(1), 1, (EVIL,), 2), 9, NOW)] * 3,
        lambda _: EVIL * 100,
    ),
    "steps": lambda: Reflog(
        Journal([Entry("1", NOW, "undo", EVIL, (), (), None)] * 30, is_all=False), NOW
    ),
    "changes": lambda: Changes(
        [ChangedFile(str(at), EVIL * at, at % 2 == 1, NOW, "done") for at in range(30)],
        evil_diff,
        NOW,
    ),
    "permissions": lambda: PermissionsScreen([Rule("allow", "a", EVIL * 99, "always")] * 30, EVIL),
    "prune": lambda: Agree(EVIL, EVIL * 20, EVIL, EVIL),
    "extracts": lambda: ExtractChooser([CodeBlock(EVIL, EVIL)] * 12, 3, message_note=EVIL),
    "line": lambda: LineInput(EVIL, EVIL),
    "lines": lambda: TextInput(EVIL, EVIL),
}


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5), (3, 2)])
@pytest.mark.parametrize("make", SCREENS.values(), ids=SCREENS)
async def test_a_screen_opens_at_any_size_and_escape_closes_it(make, size):
    async with open_screen(make(), size) as (app, pilot):
        await pilot.resize_terminal(size[0] + 1, size[1] + 1)
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        assert len(app.screen_stack) == 1
        assert app.result in (None, False)


@pytest.mark.parametrize("theme", ["conduit-light", "terminal"])
@pytest.mark.parametrize("make", SCREENS.values(), ids=SCREENS)
async def test_a_screen_opens_in_every_theme(make, theme):
    async with open_screen(make(), theme=theme) as (app, _):
        assert "╭" in app.text()


@pytest.mark.parametrize("make", SCREENS.values(), ids=SCREENS)
async def test_text_from_outside_is_shown_but_not_obeyed(make):
    async with open_screen(make(), (120, 30)) as (app, _):
        assert "\x1b" not in app.text()
        assert "\u202e" not in app.text()


@pytest.mark.parametrize("make", SCREENS.values(), ids=SCREENS)
async def test_nothing_blinks(make):
    async with open_screen(make()) as (app, _):
        for field in (*app.screen.query(Input), *app.screen.query(TextArea)):
            assert not field.cursor_blink
