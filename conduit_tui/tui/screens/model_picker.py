"""The screen that chooses a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.dialog import Dialog, Frame

WIDE = 110
NONE_FITS = "No model of that name. A full one, provider/model, is taken as it is."
LEGEND = "v vision  r reasoning  t tools  a audio  i image"


@dataclass(frozen=True, slots=True)
class Detail:
    """What is said beside a model: columns for a wide and for a narrow screen, and its aliases.

    `words` are others than its name by which it is found, when typed from their start.
    """

    wide: str = ""
    narrow: str = ""
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


NOTHING_KNOWN = Detail()


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """A provider and its models; `why_not` says in words why it cannot be used, or is empty.

    `note` is what else there is to say of it.
    """

    provider: str
    models: tuple[str, ...] = ()
    why_not: str = ""
    is_asking: bool = False
    details: Mapping[str, Detail] = field(default_factory=dict[str, Detail])
    note: str = ""


class ModelPicker(Dialog[str]):
    """Filters as one types and returns `provider/model`, or None after Escape.

    A full name of a usable provider may be typed though no list has it. Lists that come later
    are given by `add_models` and `set_failure`, what is known of models by `describe`.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+k", "move(-1)", "Up", show=False),
        Binding("down,ctrl+j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]
    DEFAULT_CSS = """
    ModelPicker {
        & Frame { width: 90%; max-width: 104; height: 90%; max-height: 34; }
        &.-tiny Frame, &.-low Frame { width: 100%; }
        &.-tiny Frame, &.-low Frame { height: 100%; }
        & Choices { height: 1fr; }
        & Input { margin-bottom: 1; }
        &.-tiny Input, &.-low Input { margin-bottom: 0; }
    }
    """

    def __init__(self, groups: Sequence[ModelGroup], current: str | None = None) -> None:
        super().__init__()
        self._groups = {group.provider: group for group in groups}
        self._current = current

    def compose(self) -> ComposeResult:
        """The filter and the list."""
        with Frame("Model", ("Enter", "choose"), ("↑↓", "move"), ("Esc", "close")):
            yield Input(placeholder="Filter by name or ability, or type provider/model")
            yield Choices(empty=NONE_FITS)

    def on_mount(self) -> None:
        """Show every model, with the cursor at the current one."""
        self.query_one(Input).cursor_blink = False
        self.query_one(Choices).can_focus = False
        self._show(self._current)

    def on_resize(self) -> None:
        """Show as much beside the models as there is room for."""
        self._show_later()

    def add_models(self, provider: str, models: Sequence[str]) -> None:
        """Take in what a provider's server answered; the cursor stays at its model."""
        known = self._groups.get(provider, ModelGroup(provider))
        listed = tuple(dict.fromkeys((*models, *known.models)))
        self._groups[provider] = replace(known, models=listed, why_not="", is_asking=False)
        self._show_later()

    def set_failure(self, provider: str, words: str) -> None:
        """Say that a provider's server could not be asked; what is known of it stays."""
        known = self._groups.get(provider, ModelGroup(provider))
        self._groups[provider] = replace(known, why_not=words, is_asking=False)
        self._show_later()

    def describe(self, provider: str, details: Mapping[str, Detail]) -> None:
        """Say more of a provider's models, by their names."""
        known = self._groups.get(provider, ModelGroup(provider))
        self._groups[provider] = replace(known, details=details)
        self._show_later()

    def action_move(self, rows: int) -> None:
        """Move the cursor of the list."""
        self.query_one(Choices).action_move(rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is in view."""
        self.query_one(Choices).action_page(pages)

    @on(Input.Changed)
    def _filter(self) -> None:
        self._show(None if self.query_one(Input).value else self._current)

    @on(Input.Submitted)
    def _choose_at_cursor(self) -> None:
        if value := self.query_one(Choices).value:
            self.dismiss(value)

    @on(Choices.Chosen)
    def _choose(self, event: Choices.Chosen) -> None:
        self.dismiss(event.value)

    def _show_later(self) -> None:
        for choices in self.query(Choices):  # none before it is shown and after it is closed
            self._show(choices.value)

    def _show(self, value: str | None) -> None:
        typed = self.query_one(Input).value
        is_wide = self.size.width >= WIDE
        rows = model_rows(tuple(self._groups.values()), typed, self._current, is_wide=is_wide)
        self.query_one(Frame).border_title = Content("Model" if is_wide else f"Model  {LEGEND}")
        self.query_one(Choices).show(rows, value)


def model_rows(
    groups: Sequence[ModelGroup], typed: str, current: str | None, *, is_wide: bool = True
) -> list[Row]:
    """Return the rows for what was typed: usable providers first, each with its models.

    Every word typed must occur in `provider/model`, or among the model's abilities and aliases,
    in any case.
    """
    words = typed.lower().split()
    ordered = sorted(groups, key=lambda group: bool(group.why_not) and not group.models)
    rows: list[Row] = _typed_row(groups, typed.strip())
    for group in ordered:
        found = [model for model in group.models if not words or _fits(group, model, words)]
        if found or not words or all(word in group.provider.lower() for word in words):
            rows += _group_rows(group, found, current, is_wide)
    return rows


def _fits(group: ModelGroup, model: str, words: Sequence[str]) -> bool:
    name = f"{group.provider}/{model}".lower()
    others = group.details.get(model, NOTHING_KNOWN).words
    return all(word in name or any(other.startswith(word) for other in others) for word in words)


def _group_rows(
    group: ModelGroup, found: Sequence[str], current: str | None, is_wide: bool
) -> list[Row]:
    note = group.why_not or ("asking …" if group.is_asking else group.note)
    if not group.models and not note:
        note = f"lists none; type {group.provider}/MODEL"
    models = (_model_row(group, model, current, is_wide) for model in found)
    return [Row(group.provider, note=note), *models]


def _model_row(group: ModelGroup, model: str, current: str | None, is_wide: bool) -> Row:
    detail = group.details.get(model, NOTHING_KNOWN)
    full_name = f"{group.provider}/{model}"
    text = "  ".join((model, *(f"={alias}" for alias in detail.aliases)))
    note = detail.wide if is_wide else detail.narrow
    return Row(text, full_name, note, is_current=full_name == current, keeps_note=True)


def _typed_row(groups: Sequence[ModelGroup], typed: str) -> list[Row]:
    provider, slash, model = typed.partition("/")
    group = next((group for group in groups if group.provider == provider), None)
    is_usable = group is not None and (not group.why_not or bool(group.models))
    if group is None or not is_usable or not slash or not model or " " in typed:
        return []
    return [] if model in group.models else [Row(f"use {typed}", typed)]
