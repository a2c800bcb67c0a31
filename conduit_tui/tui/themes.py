"""Themes from TOML files, and which one fits the terminal."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import cast

from textual.color import Color, ColorParseError
from textual.theme import Theme

from conduit_tui.core.clean import clean_line

DARK, LIGHT, TERMINAL = "conduit-dark", "conduit-light", "terminal"

FEW_COLORS = "-few-colors"
"""Class of an app whose terminal may show a panel in the colour of the ground."""

_COLORS = (
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "foreground",
    "background",
    "surface",
    "panel",
    "boost",
)
# Style sheets name these, and Textual leaves them out where a theme is of ANSI colours.
_ANSI_VARIABLES = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "surface-active": "ansi_default",
    "foreground-disabled": "ansi_default",
}
_FIELDS = {"name": str, "dark": bool, "ansi": bool, "colors": dict, "variables": dict}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")  # it becomes a CSS class
_TRUECOLOR = {"truecolor", "24bit"}
_LIGHT_BACKGROUNDS = {"7", "15"}
_STYLE_WORDS = {"none", "not", "bold", "dim", "italic", "underline", "reverse", "strike", "b", "u"}


class _WrongTheme(Exception):
    """What is wrong with a theme file, in words."""


def themes_directories(user_themes: Path) -> tuple[Path, ...]:
    """Return where themes are looked for; a later one's theme replaces an earlier of its name.

    Ours lie in the package when it is installed, and beside the package in a checkout.
    """
    package = Path(__file__).parent.parent
    installed, checkout = package / "themes", package.parent / "themes"
    return (installed if installed.is_dir() else checkout, user_themes)


def load_themes(directories: Iterable[Path]) -> tuple[tuple[Theme, ...], tuple[str, ...]]:
    """Return the themes of all `*.toml` files, and words on every file that is none."""
    themes: dict[str, Theme] = {}
    notices: list[str] = []
    for path in [path for each in directories for path in sorted(each.glob("*.toml"))]:
        try:
            theme = _theme(path)
        except _WrongTheme as error:
            notices.append(f"Theme {clean_line(str(path))!r} is left out: {error}")
        else:
            themes[theme.name] = theme
    return tuple(themes.values()), tuple(notices)


def choose_theme(
    name: str | None, environ: Mapping[str, str], known: Collection[str] = (DARK, LIGHT, TERMINAL)
) -> str:
    """Return the theme to start with: the wished one if it is known, else what fits.

    Without truecolor, and under NO_COLOR, that is the terminal's own 16 colours. Otherwise dark,
    or light where COLORFGBG tells of a light background. Rich, which writes the colours, knows
    truecolor by COLORTERM alone, so TERM is not asked.
    """
    if wants_no_color(environ):
        return TERMINAL
    if name is not None and name in known:
        return name
    if not has_truecolor(environ):
        return TERMINAL
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in _LIGHT_BACKGROUNDS else DARK


def wants_no_color(environ: Mapping[str, str]) -> bool:
    """Whether NO_COLOR is set, which Textual obeys even when it is empty.

    The app must then be made with `ansi_color=True`: Textual picks its filter when it is made,
    and the one it picks for RGB themes paints the terminal's default colours black on black.
    """
    return "NO_COLOR" in environ


def has_truecolor(environ: Mapping[str, str]) -> bool:
    """Whether 24-bit colours will be written to this terminal."""
    forced = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if forced != "auto":
        return forced == "truecolor"
    return environ.get("COLORTERM", "").strip().lower() in _TRUECOLOR


def unknown_theme(name: str, known: Collection[str]) -> str:
    """Return words for a theme that does not exist."""
    return f"There is no theme {clean_line(name)!r}. Themes: {', '.join(sorted(known))}."


def _theme(path: Path) -> Theme:
    data = _read(path)
    for key, value in data.items():
        if key not in _FIELDS:
            raise _WrongTheme(f"{clean_line(key)!r} is unknown; known: {', '.join(_FIELDS)}.")
        if not isinstance(value, _FIELDS[key]):
            raise _WrongTheme(f"{key} must be {_what(_FIELDS[key])}.")
    colors = _colors(cast("dict[str, object]", data.get("colors", {})))
    if "primary" not in colors:
        raise _WrongTheme('[colors] needs primary, such as primary = "#6fb7c4".')
    name = str(data.get("name", path.stem))
    if not _NAME.fullmatch(name):
        raise _WrongTheme("its name must be of letters, digits, - and _.")
    return Theme(
        name=name,
        dark=data.get("dark", True) is True,
        ansi=data.get("ansi", False) is True,
        variables=(_ANSI_VARIABLES if data.get("ansi") else {})
        | _variables(cast("dict[str, object]", data.get("variables", {}))),
        primary=colors["primary"],
        secondary=colors.get("secondary"),
        accent=colors.get("accent"),
        warning=colors.get("warning"),
        error=colors.get("error"),
        success=colors.get("success"),
        foreground=colors.get("foreground"),
        background=colors.get("background"),
        surface=colors.get("surface"),
        panel=colors.get("panel"),
        boost=colors.get("boost"),
    )


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _WrongTheme(f"{clean_line(str(error))}.") from error
    except UnicodeDecodeError as error:
        raise _WrongTheme("it is not text in UTF-8.") from error
    except OSError as error:
        raise _WrongTheme(f"it cannot be read ({error.strerror}).") from error


def _colors(table: Mapping[str, object]) -> dict[str, str]:
    for key, value in table.items():
        if key not in _COLORS:
            raise _WrongTheme(f"[colors] {clean_line(key)!r} is unknown; {', '.join(_COLORS)}.")
        if not _is_color(value):
            raise _WrongTheme(f'[colors] {key} must be a colour such as "#6fb7c4" or "ansi_cyan".')
    return cast("dict[str, str]", dict(table))


def _variables(table: Mapping[str, object]) -> dict[str, str]:
    """Check values too: a wrong one would only show as a failing style sheet, in mid-start."""
    for key, value in table.items():
        is_style = key.endswith("-style") and _is_style(value)
        if not (is_style or (not key.endswith("-style") and _is_color(value))):
            raise _WrongTheme(f"[variables] {clean_line(key)!r} has a value that is no colour.")
    return cast("dict[str, str]", dict(table))


def _is_color(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        Color.parse(value)
    except ColorParseError:
        return False
    return True


def _is_style(value: object) -> bool:
    return isinstance(value, str) and bool(value) and set(value.split()) <= _STYLE_WORDS


def _what(kind: type) -> str:
    return {str: "text", bool: "true or false", dict: "a table"}[kind]
