"""Splits SKILL.md into its front matter, read as strings, and its body.

Format: https://agentskills.io/specification
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from conduit_tui.core.errors import SkillError
from conduit_tui.skills.yaml_strings import Read, Yaml, read_yaml

MOST_FRONT_MATTER_BYTES = 64 * 1024
FENCE = "---"

_BOM = b"\xef\xbb\xbf"
_KEY_AND_VALUE = re.compile(r"([A-Za-z_-]+):[ \t]+([^\s\"'\[{|>&*!%@`#].*)")
_TAB_AFTER_KEY = re.compile(r"\s*[\w-]+: *\t")
_NEEDS_QUOTES = re.compile(r":(?=\s|$)| #")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the fences and below them; `mistakes` did not keep it from being read."""

    fields: dict[str, Yaml]
    body: str
    mistakes: tuple[str, ...] = ()


def read_front_matter(content: bytes, *, is_lenient: bool) -> FrontMatter:
    """Read the bytes of a SKILL.md, or raise SkillError, in words that begin in lower case.

    When lenient, values with colons that should be in quotes are read as they were meant. When
    not, it is a mistake too what the standard's own validator cannot read.
    """
    text = _text(content)
    source, body = _split(text)
    mistakes: list[str] = []
    if content.startswith(_BOM):
        mistakes.append("it begins with a byte order mark.")
    try:
        read = read_yaml(source, first_line=2)
    except SkillError as error:
        quoted = _quoted(source) if is_lenient else source
        if quoted == source:
            raise
        read = _read_quoted(quoted, error)
        mistakes.append(str(error))
    if not isinstance(read.value, dict):
        raise SkillError("its front matter is no list of keys with values, such as name: x.")
    mistakes.extend(f"{key!r} is given twice; the first one counts." for key in read.doubled)
    if not is_lenient:
        mistakes.extend(_read_otherwise(source, read.flow_line))
    return FrontMatter(read.value, body.strip(), tuple(mistakes))


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise SkillError("it is binary, not text.")
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SkillError(f"line {line}: this is not UTF-8 text.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if first.rstrip() != FENCE:
        raise SkillError(f"it does not begin with front matter, between two lines of {FENCE}.")
    at = 0
    while at < len(rest):
        end = rest.find("\n", at)
        end = len(rest) if end < 0 else end
        if rest[at:end].rstrip() == FENCE:
            if len(rest[:at].encode()) > MOST_FRONT_MATTER_BYTES:
                raise SkillError("its front matter is longer than 64 KB.")
            return rest[:at], rest[end + 1 :]
        at = end + 1
    raise SkillError(f"its front matter is not closed with a line of {FENCE}.")


def _read_otherwise(source: str, flow_line: int) -> Iterator[str]:
    """What the standard's validator, which reads StrictYAML up to the next ---, takes otherwise."""
    if flow_line:
        yield f"line {flow_line}: lists and keys in brackets; write each on a line of its own."
    for number, line in enumerate(source.split("\n"), start=2):
        if FENCE in line:
            yield f"line {number}: {FENCE} within the front matter; some readers end it there."
        if _TAB_AFTER_KEY.match(line):
            yield f"line {number}: a tab stands where blanks belong."


def _read_quoted(source: str, first: SkillError) -> Read:
    try:
        return read_yaml(source, first_line=2)
    except SkillError:
        raise first from None


def _quoted(source: str) -> str:
    """Put values with colons into quotes, those that go on in further lines too."""
    lines = deque(source.split("\n"))
    done: list[str] = []
    while lines:
        line = lines.popleft()
        found = _KEY_AND_VALUE.fullmatch(line.rstrip())
        if found is None:
            done.append(line)
            continue
        value = [found[2]]
        while lines and lines[0][:1] in (" ", "\t") and lines[0].strip():
            value.append(lines.popleft().strip())
        if not any(_NEEDS_QUOTES.search(each) for each in value):
            done += [line, *(f"  {each}" for each in value[1:])]
            continue
        words = " ".join(value).replace("'", "''")
        done.append(f"{found[1]}: '{words}'")
    return "\n".join(done)
