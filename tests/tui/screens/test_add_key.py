import pytest
from textual.widgets import Input

from conduit_tui.core.endpoint import Secret
from conduit_tui.tui.screens.add_key import AddKey, KeySlot, what_is_wrong_with
from tests.tui.screens.opening import NOTHING_YET, open_screen

SLOTS = [KeySlot("openai", "OPENAI_API_KEY"), KeySlot("mistral", "MISTRAL_API_KEY", "set")]


def make(chosen=None):
    return AddKey(SLOTS, "~/.config/conduit/keys.toml", chosen)


async def test_a_provider_is_chosen_and_its_key_typed():
    async with open_screen(make()) as (app, pilot):
        await pilot.press("down", "enter", *"sk-123", "enter")
        provider, key = app.result
        assert (provider, key) == ("mistral", Secret("sk-123"))


async def test_it_says_where_the_key_is_kept_and_from_which_variable_it_may_come():
    async with open_screen(make()) as (app, _):
        assert "Kept in ~/.config/conduit/keys.toml, for you alone." in app.text()
        assert "OPENAI_API_KEY" in app.text()
        assert "MISTRAL_API_KEY · set" in app.text()


async def test_the_key_is_never_on_the_screen():
    async with open_screen(make("mistral")) as (app, pilot):
        await pilot.press(*"sk-123")
        assert "sk-" not in app.text()
        assert "••••••" in app.text()


async def test_a_provider_that_was_named_is_chosen_already():
    async with open_screen(make("mistral")) as (app, pilot):
        await pilot.press(*"k", "enter")
        assert app.result == ("mistral", Secret("k"))


async def test_an_empty_key_is_asked_for_and_the_words_go_when_one_types():
    async with open_screen(make("openai")) as (app, pilot):
        await pilot.press("enter")
        assert app.result is NOTHING_YET
        assert "Paste the key first." in app.text()
        await pilot.press("k")
        assert "Paste the key first." not in app.text()


async def test_a_pasted_line_break_is_no_part_of_the_key():
    async with open_screen(make("openai")) as (app, pilot):
        app.screen.query_one(Input).value = "  sk-1 "
        await pilot.press("enter")
        assert app.result == ("openai", Secret("sk-1"))


@pytest.mark.parametrize("key", ["a b", "schlüssel", "a\nb", "a\x1bb"])
def test_what_no_header_can_hold_is_no_key(key):
    assert "plain letters" in what_is_wrong_with(key)
    assert key not in what_is_wrong_with(key)
