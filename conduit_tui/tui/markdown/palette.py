"""The styles that text is drawn in, taken from a theme by whoever shows it."""

from dataclasses import dataclass, field

from rich.style import Style


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles by meaning. Only `panel` has a background: the one behind blocks of code.

    The defaults suit tests and terminals of 16 colours.
    """

    text: Style = field(default_factory=Style.null)
    muted: Style = field(default_factory=lambda: Style(dim=True))
    accent: Style = field(default_factory=lambda: Style(color="cyan"))
    heading: Style = field(default_factory=lambda: Style(color="blue", bold=True))
    link: Style = field(default_factory=lambda: Style(color="blue", underline=True))
    code: Style = field(default_factory=lambda: Style(color="yellow"))
    panel: Style = field(default_factory=Style.null)
    keyword: Style = field(default_factory=lambda: Style(color="blue"))
    string: Style = field(default_factory=lambda: Style(color="green"))
    number: Style = field(default_factory=lambda: Style(color="magenta"))
    name: Style = field(default_factory=lambda: Style(color="cyan"))
    you: Style = field(default_factory=lambda: Style(color="cyan"))
    model: Style = field(default_factory=lambda: Style(color="green"))
    tool: Style = field(default_factory=lambda: Style(color="magenta"))
    error: Style = field(default_factory=lambda: Style(color="red"))
    warning: Style = field(default_factory=lambda: Style(color="yellow"))
    success: Style = field(default_factory=lambda: Style(color="green"))
