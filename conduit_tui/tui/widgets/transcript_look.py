"""The transcript's style sheet, and the look it comes to under the theme of the moment."""

from typing import NamedTuple

from rich.style import Style
from textual.geometry import Size
from textual.widget import Widget

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.themes import FEW_COLORS
from conduit_tui.tui.widgets.row_painter import Ground

_NAMES = (
    "muted",
    "accent",
    "heading",
    "link",
    "code",
    "panel",
    "keyword",
    "string",
    "number",
    "name",
    "you",
    "model",
    "tool",
    "error",
    "warning",
    "success",
)
_GROUNDS = ("cursor", "pill", "found", "current")
COMPONENT_CLASSES = {f"transcript--{name}" for name in (*_NAMES, *_GROUNDS)}

STYLE_SHEET = """
PathScroll {
    background: $background;
    color: $foreground;
    overflow-x: hidden;
    overflow-y: auto;
    scrollbar-gutter: stable;
    scrollbar-size-vertical: 1;
    & .transcript--muted { color: $foreground-muted; }
    & .transcript--accent { color: $accent; }
    & .transcript--heading { color: $primary; text-style: bold; }
    & .transcript--link { color: $primary; text-style: underline; }
    & .transcript--code { color: $text-warning; }
    & .transcript--panel { background: $surface; }
    & .transcript--keyword { color: $text-primary; }
    & .transcript--string { color: $text-success; }
    & .transcript--number { color: $text-warning; }
    & .transcript--name { color: $text-secondary; }
    & .transcript--you { color: $accent; }
    & .transcript--model { color: $success; }
    & .transcript--tool { color: $secondary; }
    & .transcript--error { color: $text-error; }
    & .transcript--warning { color: $text-warning; }
    & .transcript--success { color: $text-success; }
    & .transcript--cursor { background: $surface; color: $accent; }
    & .transcript--pill { background: $accent; color: $background; text-style: bold; }
    & .transcript--found { background: $warning 30%; color: $foreground; }
    & .transcript--current { background: $warning; color: $background; text-style: bold; }
}
PathScroll:ansi {
    & .transcript--muted { color: ansi_default; text-style: dim; }
    & .transcript--code { color: ansi_magenta; }
    & .transcript--number { color: ansi_magenta; }
    & .transcript--name { color: ansi_default; text-style: bold; }
    & .transcript--tool { color: ansi_magenta; }
    & .transcript--pill { background: $accent; color: ansi_black; text-style: not bold; }
    & .transcript--found { text-style: bold underline; }
    & .transcript--current { text-style: bold reverse; }
}
"""


class Look(NamedTuple):
    """All that rows are drawn for, beside what they say."""

    size: Size
    palette: Palette
    ground: Ground
    bar: Style


def look_of(widget: Widget) -> Look:
    """Return how a widget looks now."""
    cursor = component_style(widget, "cursor")
    ground = Ground(
        Style(bgcolor=widget.visual_style.rich_style.bgcolor),
        Style(bgcolor=cursor.bgcolor),
        selection_style(widget),
        found_style(widget, "found"),
        found_style(widget, "current"),
    )
    return Look(widget.outer_size, palette_of(widget), ground, Style(color=cursor.color))


def palette_of(widget: Widget) -> Palette:
    """Return the styles of a widget's component classes; only the panel's keeps a background.

    It has none where the terminal would not show it: there a bar sets code off.
    """
    found = {name: _component(widget, name) for name in _NAMES}
    panel = found.pop("panel")
    ground = widget.visual_style.rich_style
    same = panel.bgcolor == ground.bgcolor or "ansi" in widget.pseudo_classes
    has_few = any(node.has_class(FEW_COLORS) for node in widget.ancestors)
    background = Style.null() if same or has_few else Style(bgcolor=panel.bgcolor)
    plain = {name: _without_background(style) for name, style in found.items()}
    return Palette(text=_without_background(ground), panel=background, **plain)


def component_style(widget: Widget, name: str) -> Style:
    """Return one component's style with its background."""
    return _component(widget, name)


def found_style(widget: Widget, name: str) -> Style:
    """Return the style of text that was found; among the terminal's own colours it has none.

    Textual's visual styles know no reverse.
    """
    text = widget.get_component_styles(f"transcript--{name}").text_style
    words = Style(bold=text.bold, underline=text.underline, reverse=text.reverse, dim=False)
    return words if "ansi" in widget.pseudo_classes else component_style(widget, name) + words


def selection_style(widget: Widget) -> Style:
    """Return the style of selected text; without a colour of its own, text keeps its own."""
    styles = widget.screen.get_component_styles("screen--selection")
    ground = widget.background_colors[1] + styles.background
    has_color = styles.has_rule("color") and styles.color.a > 0 and not styles.auto_color
    color = styles.color.rich_color if has_color else None
    return Style(color=color, bgcolor=ground.rich_color, dim=False if color else None)


def _component(widget: Widget, name: str) -> Style:
    return widget.get_visual_style(f"transcript--{name}").rich_style


def _without_background(style: Style) -> Style:
    return Style(
        color=style.color,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
    )
