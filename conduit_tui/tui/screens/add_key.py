"""The screen that takes an API key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Secret
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.dialog import Dialog, Frame

ProviderKey: TypeAlias = tuple[str, Secret]


@dataclass(frozen=True, slots=True)
class KeySlot:
    """A provider that takes a key: the variable it is read from, and a note such as `set`."""

    provider: str
    variable: str
    note: str = ""


class AddKey(Dialog[ProviderKey]):
    """Choose a provider, paste its key; returns `(provider, Secret)`, or None after Escape.

    `kept_in` is the file the key will be kept in, as the person may read it. The key is shown
    as dots only.
    """

    AUTO_FOCUS = "Choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
    ]
    DEFAULT_CSS = """
    AddKey {
        & Choices { max-height: 8; }
        & Input { margin: 1 0; }
        & Static { width: 1fr; height: auto; color: $text-muted; }
        & #wrong { color: $text-error; display: none; }
        &.-wrong #wrong { display: block; }
        &.-wrong #kept { display: none; }
        &.-low Input, &.-tiny Input { margin: 0; }
        &.-low Choices { max-height: 3; }
        &.-tiny Choices { max-height: 2; }
        &.-tiny #kept { display: none; }
    }
    """

    def __init__(
        self, providers: Sequence[KeySlot], kept_in: str, chosen: str | None = None
    ) -> None:
        super().__init__()
        self._providers = providers
        self._kept_in = kept_in
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """The providers, the key, where it will be kept."""
        with Frame("API key", ("Enter", "next, then save"), ("Tab", "switch"), ("Esc", "close")):
            yield Choices(empty="No provider takes a key.")
            yield Input(password=True, placeholder="Paste the key here")
            yield Static(Content(f"Kept in {clean_line(self._kept_in)}, for you alone."), id="kept")
            yield Static(id="wrong")

    def on_mount(self) -> None:
        """Show the providers; one that was named in the command is already chosen."""
        self.query_one(Input).cursor_blink = False
        rows = [Row(each.provider, each.provider, _note(each)) for each in self._providers]
        self.query_one(Choices).show(rows, self._chosen)
        if self._chosen in {each.provider for each in self._providers}:
            self.query_one(Input).focus()

    def action_move(self, rows: int) -> None:
        """Move the cursor of the list, also while the key has the focus."""
        self.query_one(Choices).action_move(rows)

    @on(Choices.Chosen)
    def _provider_chosen(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _clear_words(self) -> None:
        self.remove_class("-wrong")

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        key = event.value.strip()
        provider = self.query_one(Choices).value
        if wrong := what_is_wrong_with(key):
            self.query_one("#wrong", Static).update(Content(wrong))
            self.add_class("-wrong")
        elif provider is not None:
            self.dismiss((provider, Secret(key)))


def what_is_wrong_with(key: str) -> str:
    """Return words if this cannot be an API key, without showing any of it; else nothing.

    A key travels in an HTTP header, which holds printable ASCII only.
    """
    if not key:
        return "Paste the key first."
    if not (key.isascii() and key.isprintable()) or " " in key:
        return "A key has no spaces and only plain letters, digits and signs. Copy it once more."
    return ""


def _note(slot: KeySlot) -> str:
    return f"{slot.variable} · {slot.note}" if slot.note else slot.variable
