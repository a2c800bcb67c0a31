from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.filter import NoColor
from textual.widgets import Input, Static

from conduit_tui.tui.themes import (
    DARK,
    LIGHT,
    TERMINAL,
    choose_theme,
    load_themes,
    themes_directories,
    unknown_theme,
    wants_no_color,
)

OURS, NOTICES = load_themes(themes_directories(Path("no such directory")))
BY_NAME = {theme.name: theme for theme in OURS}
TEXT = ["foreground", "primary", "secondary", "accent", "warning", "error", "success"]
TEXT += ["text-primary", "text-accent", "text-warning", "text-error", "text-success"]
GROUNDS = ["background", "surface", "panel"]


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


def test_our_themes_load_without_a_word():
    assert {DARK, LIGHT, TERMINAL} <= BY_NAME.keys()
    assert NOTICES == ()


@pytest.mark.parametrize("name", [DARK, LIGHT])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_stands_out_from_its_ground(name, ground, text):
    colors = BY_NAME[name].to_color_system().generate()
    assert contrast(Color.parse(colors[text]), Color.parse(colors[ground])) >= 4.5


@pytest.mark.parametrize("name", [DARK, LIGHT])
@pytest.mark.parametrize("ground", GROUNDS)
def test_quiet_text_can_be_read_too(name, ground):
    colors = BY_NAME[name].to_color_system().generate()
    assert colors["text-muted"] == "auto 60%"
    behind = Color.parse(colors[ground])
    quiet = behind.blend(behind.get_contrast_text(1.0), 0.6)
    assert contrast(quiet, behind) >= 4.5
    quiet = behind + Color.parse(colors["foreground-muted"])
    assert contrast(quiet, behind) >= 4.5


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_the_row_under_the_cursor_can_be_read(name):
    colors = BY_NAME[name].to_color_system().generate()
    over, under = (Color.parse(colors[f"block-cursor-{of}"]) for of in ("foreground", "background"))
    assert contrast(over, under) >= 4.5


def test_the_terminal_theme_uses_nothing_but_the_terminals_colours():
    theme = BY_NAME[TERMINAL]
    written = [theme.primary, theme.foreground, theme.background, *theme.variables.values()]
    colors = [value for value in written if value not in ("reverse", "underline", "bold", "none")]
    assert theme.ansi
    assert all(str(value).startswith("ansi_") for value in colors)


@pytest.mark.parametrize("name", [DARK, LIGHT, TERMINAL])
async def test_the_app_starts_with_each_theme(name):
    async with Sample(name).run_test() as pilot:
        await pilot.pause()
        assert pilot.app.theme == name


async def test_a_theme_of_ansi_colours_lacks_no_variable_that_style_sheets_name(tmp_path):
    (tmp_path / "mine.toml").write_text('ansi = true\n[colors]\nprimary = "ansi_red"\n')
    (mine,), _ = load_themes([tmp_path])
    plain = BY_NAME[DARK].to_color_system().generate().keys()
    assert plain <= mine.to_color_system().generate().keys()


class Sample(App[None]):
    def __init__(self, theme: str, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        for each in OURS:
            self.register_theme(each)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield Static("text")
        yield Input()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"COLORTERM": "truecolor"}, DARK),
        ({"COLORTERM": "24bit"}, DARK),
        ({"COLORTERM": "truecolor", "COLORFGBG": "0;15"}, LIGHT),
        ({"COLORTERM": "truecolor", "COLORFGBG": "15;default;0"}, DARK),
        ({"TERM": "xterm-256color"}, TERMINAL),
        ({"TERM": "linux"}, TERMINAL),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, DARK),
        ({"COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "256"}, TERMINAL),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, TERMINAL),
        ({}, TERMINAL),
    ],
)
def test_without_a_wish_the_theme_fits_the_terminal(environ, expected):
    assert choose_theme(None, environ) == expected


def test_a_wish_counts_if_it_is_known_and_colour_is_wanted():
    assert choose_theme(LIGHT, {"TERM": "linux"}) == LIGHT
    assert choose_theme("nord", {"COLORTERM": "truecolor"}, ["nord"]) == "nord"
    assert choose_theme("nowhere", {"COLORTERM": "truecolor"}) == DARK
    assert choose_theme(LIGHT, {"NO_COLOR": ""}) == TERMINAL
    assert unknown_theme("no\x1bwhere", [DARK]).startswith("There is no theme 'no␛where'.")


async def test_no_color_leaves_no_colour_at_all_when_the_app_is_made_for_it(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = Sample(TERMINAL, ansi_color=True if wants_no_color({"NO_COLOR": "1"}) else None)
    async with app.run_test():
        kinds = {type(each) for each in app.get_line_filters() if each.enabled}
    assert kinds == {NoColor}


def test_a_persons_theme_replaces_ours_of_its_name(tmp_path):
    (tmp_path / "x.toml").write_text('name = "conduit-dark"\n[colors]\nprimary = "#ffffff"\n')
    themes, notices = load_themes(themes_directories(tmp_path))
    assert notices == ()
    assert [theme.primary for theme in themes if theme.name == DARK] == ["#ffffff"]


def test_a_theme_without_a_name_is_named_after_its_file(tmp_path):
    (tmp_path / "dusk.toml").write_text('[colors]\nprimary = "#ffffff"\n')
    assert [theme.name for theme in load_themes([tmp_path])[0]] == ["dusk"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('name = = "x"', "line 1"),
        ("[colors]\n", "[colors] needs primary"),
        ('[colors]\nprimary = "bleu"', "[colors] primary must be a colour"),
        ("[colors]\nprimary = 3", "[colors] primary must be a colour"),
        ('[colors]\nprimry = "red"', "[colors] 'primry' is unknown"),
        ('dark = "yes"\n[colors]\nprimary = "red"', "dark must be true or false"),
        ('colour = "red"', "'colour' is unknown"),
        ('name = "my theme"\n[colors]\nprimary = "red"', "its name must be"),
        ('[colors]\nprimary = "red"\n[variables]\nborder = "x;}"', "'border' has a value"),
        ('[colors]\nprimary = "red"\n[variables]\nlink-style = "red"', "'link-style' has a value"),
    ],
)
def test_a_bad_theme_file_is_left_out_with_words(tmp_path, written, words):
    (tmp_path / "bad.toml").write_text(written)
    (tmp_path / "good.toml").write_text('[colors]\nprimary = "red"\n')
    themes, notices = load_themes([tmp_path])
    assert [theme.name for theme in themes] == ["good"]
    assert len(notices) == 1
    assert "bad.toml" in notices[0]
    assert words in notices[0]


def test_a_theme_file_that_is_no_text_is_left_out_with_words(tmp_path):
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "folder.toml").mkdir()
    assert load_themes([tmp_path])[0] == ()
    assert [notice.split(": ")[1] for notice in load_themes([tmp_path])[1]] == [
        "it is not text in UTF-8.",
        "it cannot be read (Is a directory).",
    ]
