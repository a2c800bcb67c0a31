from datetime import UTC, datetime
from decimal import Decimal

from conduit_tui.core.structure import Loss
from conduit_tui.tui.screens.pruned import Pruned, PrunedBranch
from tests.tui.screens.opening import NOTHING_YET, open_screen

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RAFT = PrunedBranch("1", '"raft"', Loss(12, 4210, Decimal("0.021"), 2, ("best",)), 14, AT)
OSLO = PrunedBranch("2", '"oslo"', Loss(1), 1, AT)


def text_of(message_id: str) -> str:
    return f"the text of {message_id}\n" + "\n".join(f"line {at}" for at in range(60))


def pruned() -> Pruned:
    return Pruned([RAFT, OSLO], text_of)


async def test_branches_are_listed_and_the_text_of_one_is_below():
    async with open_screen(pruned()) as (app, pilot):
        assert "12 messages  ★2" in app.text()
        assert "12 messages, 4,210 tokens ($0.021), 2 stars, label best" in app.text()
        assert "2 more were pruned in it before." in app.text()
        assert "the text of 1" in app.text()
        await pilot.press("j")
        await pilot.pause()
        assert "the text of 2" in app.text()
        assert "the text of 1" not in app.text()


async def test_the_text_is_beside_the_list_where_there_is_room():
    async with open_screen(pruned(), (120, 30)) as (app, _):
        assert any('"raft"' in line and "4,210 tokens" in line for line in app.lines())


async def test_the_text_can_be_read_on():
    async with open_screen(pruned()) as (app, pilot):
        await pilot.press("space", "space", "space", "space")
        await pilot.pause()
        assert "line 59" in app.text()
        await pilot.press("b", "b", "b", "b")
        await pilot.pause()
        assert "the text of 1" in app.text()


async def test_enter_and_r_restore_and_x_erases_after_a_question():
    for key in ("enter", "r"):
        async with open_screen(pruned()) as (app, pilot):
            await pilot.press("down", key)
            assert app.result == ("restore", "2")
    for key in ("x", "delete"):
        async with open_screen(pruned()) as (app, pilot):
            await pilot.press(key)
            await pilot.pause()
            assert 'Erase "raft", 14 messages?' in app.text()
            await pilot.press("enter")
            assert app.result is NOTHING_YET
            await pilot.press(key)
            await pilot.pause()
            await pilot.press("y")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert app.result == ("erase", "1")


async def test_a_click_shows_a_branch_and_a_second_one_restores_it():
    async with open_screen(pruned()) as (app, pilot):
        at = next(at for at, line in enumerate(app.lines()) if '"oslo"' in line)
        await pilot.click(offset=(10, at))
        await pilot.pause()
        assert app.result is NOTHING_YET
        assert "the text of 2" in app.text()
        await pilot.click(offset=(10, at))
        assert app.result == ("restore", "2")
