"""Tells on stderr what happens beside the answer, so that stdout holds the answer alone."""

import sys
from datetime import UTC, datetime

import click

from conduit_tui.core.age import age
from conduit_tui.core.clean import StreamCleaner, clean, clean_line
from conduit_tui.core.errors import InvalidAnswer
from conduit_tui.core.events import (
    Event,
    MessageCommitted,
    ParamsFitted,
    ReplayStarted,
    RetryScheduled,
    ThinkingDelta,
    ToolFinished,
    ToolStarted,
    TurnEnded,
)
from conduit_tui.core.message import Message

_MOST_ARGUMENTS = 200
_MOST_CAME = 4000
_STOPS = {
    "max_tokens": "The answer was cut off at the model's token limit.",
    "refusal": "The model refused to answer.",
    "content_filter": "The answer was stopped by the provider's content filter.",
}
_ORDINARY_STOPS = {"", "end_turn", "stop", "stop_sequence", "tool_calls"}


class News:
    """Prints lines to stderr. Thinking is shown only where stderr is a terminal, dimmed."""

    def __init__(self, *, with_thinking: bool) -> None:
        self._with_thinking = with_thinking and _is_terminal()
        self._thinking = StreamCleaner()
        self._is_mid_line = False
        self._last_said = ""

    def say(self, words: str) -> None:
        """Print words on lines of their own; what was said just before is not said twice."""
        self.end_line()
        if words == self._last_said:
            return
        self._last_said = words
        click.echo(clean(words), err=True)

    def end_line(self) -> None:
        """End the thinking, if some was shown, so that something else can follow."""
        if self._is_mid_line:
            self._write_dim(self._thinking.finish())
            self._is_mid_line = False
            click.echo(err=True)

    def takes(self, event: Event) -> bool:
        """Whether an event would be told here."""
        match event:
            case ThinkingDelta():
                return self._with_thinking
            case MessageCommitted(message):
                return message.role == "assistant"
            case (
                ParamsFitted()
                | ReplayStarted()
                | RetryScheduled()
                | ToolStarted()
                | ToolFinished()
                | TurnEnded()
            ):
                return True
            case _:
                return False

    def tell(self, event: Event) -> None:
        """Tell an event, if it is news."""
        match event:
            case ThinkingDelta(text) if self._with_thinking:
                self._is_mid_line = self._is_mid_line or bool(text)
                self._write_dim(self._thinking.feed(text))
            case RetryScheduled(error, seconds, attempt):
                wait = f"Trying again in {max(seconds, 1):.0f} s"
                wait = "Asking again" if isinstance(error, InvalidAnswer) else wait
                self.say(f"{error} {wait} (attempt {attempt + 1}).")
            case ParamsFitted(words):
                self.say("\n".join(map(clean_line, words)))
            case ReplayStarted(recorded_at):
                passed = age(recorded_at, datetime.now(UTC))
                self.say(f"From the cache, {passed} old." if passed else "From the cache.")
            case ToolStarted(call):
                self.say(f"Running {clean_line(call.name)} {_short(call.arguments)}".rstrip())
            case ToolFinished(call, result, seconds):
                name = clean_line(call.name)
                if result.is_error:
                    self.say(f"{name} failed after {seconds:.1f} s: {_short(result.output)}")
                else:
                    self.say(f"{name} finished after {seconds:.1f} s.")
            case MessageCommitted(message) if message.role == "assistant":
                self._tell_stop(message)
            case TurnEnded("max_steps"):
                self.say("Stopped: the model kept calling tools. max_steps allows more steps.")
            case _:
                pass

    def tell_unfit(self, message: Message | None) -> None:
        """Show what came in place of a value."""
        if message is not None and message.text.strip() and not message.structured:
            came = message.text.strip()
            cut = came if len(came) <= _MOST_CAME else f"{came[:_MOST_CAME]}…"
            self.say(f"What came:\n{cut}")

    def _tell_stop(self, message: Message) -> None:
        self.end_line()
        stop = message.stop or ""
        if words := _STOPS.get(stop):
            self.say(words)
        elif stop not in _ORDINARY_STOPS:
            self.say(f"The answer ended early: {clean_line(stop)}.")
        elif stop == "end_turn" and message.is_empty:
            self.say("The answer is empty. Ask again, or choose another model.")

    def _write_dim(self, text: str) -> None:
        if text:
            click.secho(text, dim=True, nl=False, err=True)


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison] - None when it was closed


def _short(text: str) -> str:
    line = clean_line(text[: 2 * _MOST_ARGUMENTS])
    return line if len(line) <= _MOST_ARGUMENTS else f"{line[:_MOST_ARGUMENTS]}…"
