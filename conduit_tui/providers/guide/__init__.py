"""`demo/guide`: a script that answers, so that everything can be tried without key or network.

It says that it is no AI. What it says is in the Markdown files beside this one; in a file, a
line `<!-- or -->` stands between variations and `<!-- answer -->` between thinking and answer.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import Overloaded
from conduit_tui.core.events import GenerationStopped, TextDelta, ThinkingDelta, ToolCallDelta
from conduit_tui.core.image_size import image_size
from conduit_tui.core.message import Attachment
from conduit_tui.core.request import Request
from conduit_tui.providers.guide.acting import Acting, Telling, next_step
from conduit_tui.providers.guide.value import example
from conduit_tui.providers.scripted import Pause, Script, Step

SECONDS_PER_PIECE = 0.02
FAILURES_SHOWN = 2
"""How often `error` fails before it answers."""

_TOPICS: tuple[tuple[str, str], ...] = (
    ("error", r"error|fail|retry"),
    ("long", r"long|scroll"),
    ("write", r"(?:write|save) (?:\w+ ){0,2}(?:file|note)|note\b"),
    ("skills", r"skills?"),
    ("tools", r"tools?|files?|directory"),
    ("time", r"time|clock"),
    ("think", r"think|reason"),
    ("table", r"tables?"),
    ("code", r"code|python|program"),
)
_ACTING = frozenset(("time", "tools", "write", "skills"))
"""Topics that take tools."""
_OR = "<!-- or -->"
_ANSWER = "<!-- answer -->"
_FRAGMENT = 12
"""Characters of a call's arguments that come at once."""
_PIECE = re.compile(r"\s*\S{1,12}\s*")


class Guide:
    """Chooses the answer by the words of the last question, another one each time it is asked."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def __call__(self, request: Request) -> Script:
        """Return the script for a request."""
        if (schema := request.params.schema) is not None:
            return _told(json.dumps(example(schema.shape), indent=2))
        question = next((one for one in reversed(request.messages) if one.role == "user"), None)
        topic = _topic(question.text if question else "")
        key = request.messages[-1].id if request.messages else ""
        if topic == "error" and self._failed[key] < FAILURES_SHOWN:
            self._failed[key] += 1
            return (_failure(),)
        self._failed[key] = 0
        self._asked[key] += 1
        if topic in _ACTING:
            return self._act(topic, request, self._asked[key])
        seen = _seen(question.attachments if question else ())
        return _told(_variation(topic, self._asked[key]), seen)

    def _act(self, topic: str, request: Request, asked: int) -> Script:
        questions = [each.text for each in request.messages if each.role == "user"]
        before = sum(_topic(each) == topic for each in questions[:-1])
        match next_step(topic, request, before + asked):
            case Acting() as acting:
                return _called(acting, f"guide_{len(request.messages)}_{asked}")
            case Telling(told, fields):
                text = _variation(told, asked if told != topic else before + asked)
                for name, words in fields.items():
                    text = text.replace(f"{{{name}}}", words)
                return _told(text)


def _topic(question: str) -> str:
    """The first topic named in a question; the tour if there is none."""
    found = [
        (match.start(), topic)
        for topic, words in _TOPICS
        if (match := re.search(rf"\b(?:{words})", question, re.IGNORECASE))
    ]
    return min(found)[1] if found else "tour"


def _variation(topic: str, asked: int) -> str:
    """The text of a topic, another one each time: variations take turns."""
    source = files(__name__).joinpath(f"{topic}.md").read_text("utf-8")
    variations = source.split(_OR)
    text = variations[(asked - 1) % len(variations)].strip() + "\n"
    return text.replace("{numbers}", _numbers())


def _seen(attachments: Sequence[Attachment]) -> str:
    """What came along with a question, in words: as much of it as a script sees."""
    lines: list[str] = []
    for part in attachments:
        size = image_size(part.data)
        pixels = f", {size[0]} by {size[1]} pixels" if size else ""
        lines.append(
            f"- `{clean_line(part.name)}`: {part.media_type}{pixels}, {len(part.data):,} bytes"
        )
    return "\n".join(["This came with your message:\n", *lines, "\n"]) if lines else ""


def _told(text: str, before: str = "") -> Iterator[Step]:
    thinking, _, answer = text.rpartition(_ANSWER)
    for piece in _PIECE.findall(thinking.strip()):
        yield ThinkingDelta(piece)
        yield Pause(SECONDS_PER_PIECE)
    for piece in _PIECE.findall(before + answer.lstrip("\n")):
        yield TextDelta(piece)
        yield Pause(SECONDS_PER_PIECE)
    yield GenerationStopped("end_turn")


def _called(acting: Acting, call_id: str) -> Iterator[Step]:
    """A call, in fragments as they come from a server."""
    for piece in _PIECE.findall(acting.words):
        yield TextDelta(piece)
        yield Pause(SECONDS_PER_PIECE)
    yield ToolCallDelta(0, call_id, acting.tool, "")
    arguments = json.dumps(acting.arguments, ensure_ascii=False)
    for at in range(0, len(arguments), _FRAGMENT):
        yield Pause(SECONDS_PER_PIECE)
        yield ToolCallDelta(0, "", "", arguments[at : at + _FRAGMENT])
    yield GenerationStopped("tool_calls")


def _failure() -> Overloaded:
    return Overloaded(
        "'demo' failed on its side (500): this failure was asked for and is not real.",
        status=500,
        can_retry=True,
    )


def _numbers() -> str:
    """The long reply: the numbers to 120 and what divides them."""
    lines: list[str] = []
    for number in range(1, 121):
        divisors = [str(part) for part in range(1, number + 1) if number % part == 0]
        if number % 20 == 1:
            lines.append(f"\n## From {number} to {number + 19}\n")
        kind = "**prime**" if len(divisors) == 2 else f"divided by {', '.join(divisors)}"
        lines.append(f"{number}. {kind}")
    return "\n".join(lines)
