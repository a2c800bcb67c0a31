"""The end of a line that is still being written, read as if what it opened were closed.

Without it a reply flashes its marks: `**bold` until the closing asterisks come, a link's address
letter by letter. Only what is drawn meanwhile is mended, the finished text is read as it is.
"""

import re

_LONGEST = 2_000
_HALF_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\([^()\s]*$")
_RUN = re.compile(r"(`+)|(?<!\\)(\*{1,3}|_{1,3}|~~)")
_LAST_MARKS = re.compile(r"(?<!\\)(?:\*{1,3}|_{1,3}|~{1,2})$")


def mended(text: str) -> str:
    """Return a text with the emphasis, code or link closed that its last line leaves open."""
    start = text.rfind("\n") + 1
    line = text[start:]
    if len(line) > _LONGEST:
        return text
    return text[:start] + _mended_line(line)


def _mended_line(line: str) -> str:
    line = _HALF_LINK.sub(lambda half: f"![{half[2]}]()" if half[1] else half[2], line)
    opened: list[str] = []
    position = 0
    while (found := _RUN.search(line, position)) is not None:
        position = found.end()
        if found[1]:
            closing = re.compile(rf"(?<!`){found[1]}(?!`)").search(line, position)
            if closing is None:
                return _in_code(line, found) + "".join(reversed(opened))
            position = closing.end()
        elif opened and opened[-1] == found[2] and not line[: found.start()].endswith(" "):
            opened.pop()
        elif _may_open(line, found):
            opened.append(found[2])
    if opened or _is_bare(line):
        line = _LAST_MARKS.sub("", line)
    return line.rstrip(" ") + "".join(reversed(opened)) if opened else line


def _in_code(line: str, opener: re.Match[str]) -> str:
    """Close code that began, unless there is none of it yet."""
    code = line[opener.end() :].rstrip("`")
    before = line[: opener.start()]
    return f"{before}{opener[1]}{code}{opener[1]}" if code.strip() else before.rstrip(" ")


def _may_open(line: str, marks: re.Match[str]) -> bool:
    """Whether words begin right after marks, and none goes on before them."""
    before, after = line[: marks.start()][-1:], line[marks.end() : marks.end() + 1]
    return after not in ("", " ") and not before.isalnum()


def _is_bare(line: str) -> bool:
    """Whether a line ends in marks behind a space, which can only open something."""
    marks = _LAST_MARKS.search(line)
    return marks is not None and (marks.start() == 0 or line[marks.start() - 1] == " ")
