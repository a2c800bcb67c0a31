"""One answer to the question for a value: what is passed on of it, and what it comes to."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit_tui.core.errors import InvalidAnswer
from conduit_tui.core.events import (
    GenerationStopped,
    ProviderEvent,
    StructuredReceived,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Structured
from conduit_tui.core.schema import Schema
from conduit_tui.core.usage import Usage

if TYPE_CHECKING:
    from conduit_tui.providers.arriving_value import ArrivingValue
    from conduit_tui.providers.schema_model import SchemaModel

SHORTEST_GAP_SECONDS = 0.1
CHARACTERS_PER_SECOND = 500_000
"""Of a long value less is shown less often, so that showing it costs the same all the time."""

_OPENINGS = {"object": "{", "array": "[", "any": "{["}
_LONGEST_QUOTED = 300
_LONGEST_GLIMPSE = 80


@dataclass(frozen=True, slots=True)
class Found:
    """A value that fits."""

    value: Json


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong with an answer. `why` is set where asking again would not help."""

    lines: tuple[str, ...]
    why: str = ""

    @property
    def is_last(self) -> bool:
        """Whether there is no use in asking again."""
        return bool(self.why)

    def error(self, model: str, schema: Schema, attempt: int) -> InvalidAnswer:
        """The words for the person."""
        if self.why:
            return InvalidAnswer(f"{model!r} {self.why}")
        twice = ", also when it was told" if attempt == 2 else ""
        return InvalidAnswer(
            f"The answer of {model!r} does not fit the schema {schema.name!r}{twice}: "
            f"{'; '.join(self.lines)}."
        )


class Answer:
    """Grows by `take`, and is read when its `stop` has come.

    `tools` names what else there is to call; `before` is the usage of an earlier answer.
    """

    def __init__(
        self,
        schema: Schema,
        model: "SchemaModel",
        clock: Callable[[], float],
        *,
        tools: Collection[str] = (),
        before: Usage | None = None,
    ) -> None:
        from conduit_tui.providers.arriving_value import ArrivingValue

        opening = _OPENINGS[model.kind]
        self.stop: str | None = None
        self.has_calls = False
        self.usage = self._before = before
        self._schema, self._model = schema, model
        self._tools = tools
        self._clock = clock
        self._due_at = clock()
        self._text, self._called = ArrivingValue(opening), ArrivingValue(opening)
        self._has_text = False
        self._answers: set[int] = set()
        self._others: set[int] = set()

    @property
    def said(self) -> str:
        """The whole answer as text."""
        return "\n\n".join(filter(None, (self._text.text.strip(), self._called.text)))

    def take(self, event: ProviderEvent) -> Iterator[ProviderEvent]:
        """Pass an event on, as it concerns whoever asked for a value."""
        match event:
            case GenerationStopped(reason):
                self.stop = reason
            case UsageReported(usage):
                self.usage = self._before + usage if self._before else usage
                yield UsageReported(self.usage)
            case TextDelta(text):
                self._has_text = self._has_text or bool(text)
                self._text.feed(text)
                yield event
                yield from self._glimpse(self._text)
            case ToolCallDelta() if self._is_answer(event):
                yield from self._of_call(event)
            case ToolCallDelta():
                self.has_calls = True
                yield event
            case _:
                yield event

    def read(self) -> Found | Mistakes:
        """Validate the answer."""
        from conduit_tui.providers.schema_model import Unfit

        found: tuple[str, ...] = ()
        for arriving in (self._called, self._text):
            for candidate in dict.fromkeys(arriving.candidates() if arriving.text else ()):
                try:
                    return Found(self._model.value_of(candidate))
                except Unfit as error:
                    found = _better(found, error.mistakes)
        return self._mistakes(found)

    def _mistakes(self, lines: tuple[str, ...]) -> Mistakes:
        said = self.said
        quoted = said if len(said) <= _LONGEST_QUOTED else f"{said[:_LONGEST_QUOTED]}…"
        match self.stop:
            case "refusal":
                return Mistakes((), f"refused to answer: {quoted or 'without a word'}")
            case "content_filter":
                return Mistakes((), "was stopped by its provider's content filter.")
            case "max_tokens":
                return Mistakes(
                    (), "reached its token limit before the value was whole. Raise max_tokens."
                )
            case _ if not said:
                return Mistakes(("the answer is empty",))
            case _ if not (self._text.has_begun or self._called.has_begun):
                return Mistakes((f"it is words and no JSON: {_glimpsed(said)}",))
            case _:
                return Mistakes(lines)

    def _is_answer(self, event: ToolCallDelta) -> bool:
        """Whether a call is of no tool but the one that was asked for, under whatever name."""
        is_new = event.index not in self._others
        if is_new and (event.name not in self._tools if event.name else not self._tools):
            self._answers.add(event.index)
        elif event.index not in self._answers:
            self._others.add(event.index)
        return event.index in self._answers

    def _of_call(self, event: ToolCallDelta) -> Iterator[ProviderEvent]:
        if not event.arguments:
            return
        if self._has_text and not self._called.text:
            yield TextDelta("\n\n")
        self._called.feed(event.arguments)
        yield TextDelta(event.arguments)
        yield from self._glimpse(self._called)

    def _glimpse(self, arriving: "ArrivingValue") -> Iterator[ProviderEvent]:
        now = self._clock()
        if now < self._due_at:
            return
        if arriving.look():
            part = Structured(self._schema.name, arriving.value)
            yield StructuredReceived(part, is_final=False)
        slowness = len(arriving.text) / CHARACTERS_PER_SECOND
        self._due_at = now + max(SHORTEST_GAP_SECONDS, slowness)


def _better(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """Mistakes of a value rather than those of something that is none."""
    from conduit_tui.providers.schema_model import NO_JSON

    is_no_json = after[0].startswith(NO_JSON)
    return before if before and is_no_json else after


def _glimpsed(said: str) -> str:
    """The beginning of an answer, on one line; all of it is shown where it stands."""
    line = " ".join(said.split())
    return line if len(line) <= _LONGEST_GLIMPSE else f"{line[:_LONGEST_GLIMPSE].rstrip()}…"
