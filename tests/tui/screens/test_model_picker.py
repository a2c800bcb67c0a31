import pytest

from conduit_tui.tui.screens.model_picker import Detail, ModelGroup, ModelPicker, model_rows
from tests.tui.screens.opening import NOTHING_YET, open_screen

GROUPS = [
    ModelGroup("anthropic", (), "ANTHROPIC_API_KEY is not set"),
    ModelGroup("openai", ("gpt-5", "gpt-5-mini", "gpt-4.1")),
    ModelGroup("local", (), "", True),
]


def texts(groups, typed="", current=None):
    return [row.text for row in model_rows(groups, typed, current)]


def test_models_stand_below_their_provider_and_who_cannot_be_used_comes_last():
    assert texts(GROUPS) == ["openai", "gpt-5", "gpt-5-mini", "gpt-4.1", "local", "anthropic"]
    rows = model_rows(GROUPS, "", "openai/gpt-5")
    assert [row.value for row in rows if row.is_current] == ["openai/gpt-5"]
    assert rows[-1].note == "ANTHROPIC_API_KEY is not set"
    assert rows[-1].value is None
    assert rows[-2].note == "asking …"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mini", ["openai", "gpt-5-mini"]),
        ("GPT 4", ["openai", "gpt-4.1"]),
        ("5 mini open", ["openai", "gpt-5-mini"]),
        ("anthr", ["anthropic"]),
        ("nothing", []),
    ],
)
def test_every_word_typed_must_occur(typed, expected):
    assert texts(GROUPS, typed) == expected


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("openai/gpt-9", "openai/gpt-9"),
        ("local/any/thing:free", "local/any/thing:free"),
        (" openai/gpt-9 ", "openai/gpt-9"),
        ("openai/gpt-5", None),
        ("openai/", None),
        ("anthropic/claude", None),
        ("unknown/model", None),
        ("gpt-9", None),
    ],
)
def test_a_full_name_of_a_usable_provider_is_offered_as_it_is(typed, offered):
    used = [row.value for row in model_rows(GROUPS, typed, None) if row.text.startswith("use ")]
    assert used == ([offered] if offered else [])


def test_a_provider_that_lists_nothing_says_how_its_models_are_named():
    (row,) = model_rows((ModelGroup("mine"),), "", None)
    assert (row.text, row.note) == ("mine", "lists none; type mine/MODEL")
    (row,) = model_rows((ModelGroup("mine", is_asking=True),), "", None)
    assert row.note == "asking …"


async def test_enter_takes_the_current_model_at_once():
    async with open_screen(ModelPicker(GROUPS, "openai/gpt-4.1")) as (app, pilot):
        await pilot.press("enter")
        assert app.result == "openai/gpt-4.1"


async def test_typing_filters_and_enter_takes_the_first_that_is_left():
    async with open_screen(ModelPicker(GROUPS, "openai/gpt-4.1")) as (app, pilot):
        await pilot.press(*"mini")
        assert "gpt-4.1" not in app.text()
        await pilot.press("enter")
        assert app.result == "openai/gpt-5-mini"


async def test_the_arrows_move_over_headings_while_one_types():
    groups = [ModelGroup("a", ("one",)), ModelGroup("b", ("two",))]
    async with open_screen(ModelPicker(groups)) as (app, pilot):
        await pilot.press("down", "enter")
        assert app.result == "b/two"


async def test_enter_on_nothing_does_nothing():
    async with open_screen(ModelPicker(GROUPS)) as (app, pilot):
        await pilot.press(*"zzz", "enter")
        assert app.result is NOTHING_YET
        assert "No model of that name." in app.text()


async def test_a_click_chooses():
    async with open_screen(ModelPicker(GROUPS)) as (app, pilot):
        row = next(y for y, line in enumerate(app.lines()) if "gpt-5-mini" in line)
        await pilot.click(offset=(20, row))
        assert app.result == "openai/gpt-5-mini"


async def test_models_that_come_later_join_and_leave_the_cursor_at_its_model():
    picker = ModelPicker(GROUPS, "openai/gpt-4.1")
    async with open_screen(picker) as (app, pilot):
        picker.add_models("openai", ["gpt-6", "gpt-5"])
        picker.add_models("local", ["llama"])
        picker.set_failure("anthropic", "401 \x1b[31mwrong key")
        await pilot.pause()
        assert "llama" in app.text()
        assert "asking" not in app.text()
        assert "401 ␛[31mwrong key" in app.text()
        assert app.text().count("gpt-5-mini") == 1
        await pilot.press("enter")
        assert app.result == "openai/gpt-4.1"


async def test_a_failure_leaves_known_models_usable():
    picker = ModelPicker(GROUPS)
    async with open_screen(picker) as (app, pilot):
        picker.set_failure("openai", "no answer")
        await pilot.press(*"openai/other", "enter")
        assert app.result == "openai/other"


async def test_models_that_come_before_it_is_shown_or_after_it_is_gone_do_no_harm():
    picker = ModelPicker(GROUPS)
    picker.add_models("local", ["llama"])
    async with open_screen(picker) as (app, pilot):
        assert "llama" in app.text()
        await pilot.press("escape")
        picker.add_models("local", ["other"])
        picker.set_failure("openai", "late")
        await pilot.pause()
        assert app.result is None


async def test_the_current_model_is_in_view_among_many():
    many = ModelGroup("router", tuple(f"model-{number}" for number in range(5_000)))
    async with open_screen(ModelPicker([many], "router/model-4321")) as (app, pilot):
        assert "▌ model-4321" in app.text()
        await pilot.press(*"4999")
        assert "model-4999" in app.text()
        assert "model-4321" not in app.text()


SEES = Detail("wide note  vision", "short v", ("best",), ("vision", "reasoning", "best"))
DESCRIBED = [ModelGroup("p", ("son-1", "blind"), details={"son-1": SEES})]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("vision", ["p", "son-1  =best"]),
        ("vis bes", ["p", "son-1  =best"]),
        ("son", ["p", "son-1  =best"]),
        ("ision", []),
        ("blind vision", []),
    ],
)
def test_a_model_is_found_by_the_start_of_an_ability_or_alias(typed, found):
    assert texts(DESCRIBED, typed) == found


def test_what_stands_beside_a_model_depends_on_the_room():
    assert model_rows(DESCRIBED, "", None, is_wide=True)[1].note == "wide note  vision"
    assert model_rows(DESCRIBED, "", None, is_wide=False)[1].note == "short v"


@pytest.mark.parametrize(("size", "note"), [((80, 24), "short v"), ((120, 40), "wide note")])
async def test_details_that_come_later_stand_in_a_column(size, note):
    groups = [ModelGroup("p", ("a", "b" * 200))]
    picker = ModelPicker(groups, "p/a")
    async with open_screen(picker, size=size) as (app, pilot):
        detail = Detail("wide note", "short v")
        picker.describe("p", {"a": detail, "b" * 200: detail})
        await pilot.pause()
        columns = [line.index(note) for line in app.lines() if note in line]
        assert len(columns) == 2
        assert len(set(columns)) == 1
        await pilot.press("enter")
        assert app.result == "p/a"


async def test_a_list_that_comes_later_keeps_what_is_said_of_models():
    picker = ModelPicker(DESCRIBED)
    async with open_screen(picker, size=(120, 40)) as (app, pilot):
        picker.add_models("p", ["new", "son-1"])
        await pilot.pause()
        assert "wide note" in app.text()
        assert "new" in app.text()
