"""Reads YAML as strings alone: no types, tags, anchors or aliases, and nothing deep or endless.

`no` stays `no` and `1.10` stays `1.10`. Events of the parser are taken one by one, so that a text
made to blow up is left before it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

from conduit_tui.core.errors import SkillError

Yaml: TypeAlias = "str | list[Yaml] | dict[str, Yaml]"

MOST_DEPTH = 8
MOST_EVENTS = 4_000


@dataclass(frozen=True, slots=True)
class Read:
    """What a text says, and the keys that stand twice in one mapping: the first one counts.

    `flow_line` is where the first list or mapping in brackets stands; 0 if there is none.
    """

    value: Yaml
    doubled: tuple[str, ...] = ()
    flow_line: int = 0


@dataclass(frozen=True, slots=True)
class _Event:
    """One step of the parser; `line` counts from 0."""

    kind: str
    value: str
    line: int
    is_marked: bool
    is_flow: bool


def read_yaml(text: str, first_line: int = 1) -> Read:
    """Read one document, or raise SkillError naming the line, counted from `first_line`."""
    reader = _Reader(_events(text, first_line), first_line)
    value = reader.document()
    return Read(value, tuple(dict.fromkeys(reader.doubled)), reader.flow_line)


class _Reader:
    def __init__(self, events: Iterator[_Event], first_line: int) -> None:
        self._events = events
        self._first_line = first_line
        self._count = 0
        self.doubled: list[str] = []
        self.flow_line = 0

    def document(self) -> Yaml:
        value: Yaml = ""
        documents = 0
        while (event := self._next()).kind != "StreamEnd":
            if event.kind in ("StreamStart", "DocumentEnd"):
                continue
            if event.kind == "DocumentStart":
                documents += 1
                if documents > 1:
                    raise self._wrong(event, "a second document begins")
                continue
            value = self._node(event, 0)
        return value

    def _node(self, event: _Event, depth: int) -> Yaml:
        if event.kind == "Alias":
            raise self._wrong(event, "aliases (*name) are not read")
        if event.is_marked:
            raise self._wrong(event, "tags (!name) and anchors (&name) are not read")
        if event.is_flow and not self.flow_line:
            self.flow_line = event.line + self._first_line
        if depth > MOST_DEPTH:
            raise self._wrong(event, f"it is nested more than {MOST_DEPTH} deep")
        match event.kind:
            case "Scalar":
                return event.value
            case "SequenceStart":
                return self._list(depth)
            case _:
                return self._mapping(depth)

    def _list(self, depth: int) -> Yaml:
        items: list[Yaml] = []
        while (event := self._next()).kind != "SequenceEnd":
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> Yaml:
        found: dict[str, Yaml] = {}
        while (event := self._next()).kind != "MappingEnd":
            key = self._node(event, depth + 1)
            if not isinstance(key, str):
                raise self._wrong(event, "a key is not plain text")
            value = self._node(self._next(), depth + 1)
            if key in found:
                self.doubled.append(key)
            else:
                found[key] = value
        return found

    def _next(self) -> _Event:
        event = next(self._events)
        self._count += 1
        if self._count > MOST_EVENTS:
            raise self._wrong(event, "there is too much of it")
        return event

    def _wrong(self, event: _Event, words: str) -> SkillError:
        return SkillError(f"line {event.line + self._first_line}: {words}.")


def _events(text: str, first_line: int) -> Iterator[_Event]:
    import yaml  # slow to import, and only needed where there are skills

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        # It has no types.
        events = cast("Iterator[object]", yaml.parse(text, Loader=loader))  # pyright: ignore[reportUnknownMemberType]
        for event in events:
            yield _plain(event)
    except yaml.MarkedYAMLError as error:
        place: object = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, problem = _number(place, "line"), str(getattr(error, "problem", None) or "")
        words = _in_words(text, line, _number(place, "column"), problem)
        raise SkillError(f"line {first_line + line}: {words}.") from error
    except yaml.YAMLError as error:  # a character that YAML does not have
        words = r"a control character stands in the front matter; in quotes, write it as \x1b."
        raise SkillError(words) from error


def _plain(event: object) -> _Event:
    kind = type(event).__name__.removesuffix("Event")
    marks: tuple[object, ...] = (getattr(event, "tag", None), getattr(event, "anchor", None))
    line = _number(getattr(event, "start_mark", None), "line")
    value = str(getattr(event, "value", ""))
    is_flow = getattr(event, "flow_style", False) is True
    return _Event(kind, value, line, marks != (None, None), is_flow)


def _number(place: object, key: str) -> int:
    found: object = getattr(place, key, 0)
    return found if isinstance(found, int) else 0


def _in_words(text: str, line: int, column: int, problem: str) -> str:
    lines = text.split("\n")
    if line < len(lines) and "\t" in lines[line][: column + 1]:
        return "a tab stands where blanks belong"
    if "mapping values are not allowed" in problem:
        return "a colon in a value; put the value in quotes"
    return problem or "this is not YAML"
