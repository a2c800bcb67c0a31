"""What a Markdown source reads like when it is drawn, roughly and fast: it is not parsed.

Drawing takes milliseconds for each message, this some hundredth of that. It is for looking
through thousands of messages of which none is in sight; where it matters, the drawn rows decide.
"""

import html
import re
from collections.abc import Iterator

from conduit_tui.core.clean import clean
from conduit_tui.tui.markdown.links import safe_target, short_target
from conduit_tui.tui.markdown.parser import LONGEST_INLINE

_FENCE = re.compile(r"[ >]*(?:(?:[-*+]|\d{1,9}[.)]) +)?(`{3,}(?=[^`]*$)|~{3,})")
_LEAD = re.compile(r"(?: *(?:>|(?:[-*+]|\d{1,9}[.)])(?= )(?: +\[[ xX]\](?= ))?))+ *")
_HEADING = re.compile(r" {0,3}#{1,6} +")
_MARKS_ONLY = re.compile(r"[-=:|*_+>. ]*")
_CELLS = re.compile(r"(?<!\\)\|")
_SPECIAL = re.compile(r"[*_~`\[\\&<]")
_LONGEST = 250  # characters between two marks; it bounds what a hostile text can cost

_LITERAL = re.compile(
    r"\\([!-/:-@\[-`{-~])"
    rf"|(?<!`)(`+)(?!`)(.{{1,{_LONGEST}}}?)(?<!`)\2(?!`)"
    r"|<(https?://[^\s<>]+)>"
    r"|(&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    re.DOTALL,
)
_LINK = re.compile(
    rf"(!?)\[((?:[^\[\]]|\[[^\[\]]{{0,{_LONGEST}}}\]){{0,{_LONGEST}}})\]"
    r"\(<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)?)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
)
_REFUSED = re.compile(r"(?:javascript|vbscript|file|data):", re.IGNORECASE)  # by the parser
_PAIRS = (
    re.compile(rf"(\*{{1,3}})(?=[^\s*])(.{{1,{_LONGEST}}}?)(?<=[^\s*])\1", re.DOTALL),
    re.compile(rf"(?<!\w)(_{{1,3}})(?=[^\s_])(.{{1,{_LONGEST}}}?)(?<=[^\s_])\1(?!\w)", re.DOTALL),
    re.compile(rf"(~~)(?=[^\s~])(.{{1,{_LONGEST}}}?)(?<=[^\s~])\1", re.DOTALL),
)
_NESTING = 3  # pairs inside pairs that are taken away

_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_GUARD = {ord(sign): 0xE000 + ord(sign) for sign in _SIGNS}
_UNGUARD = {guarded: sign for sign, guarded in _GUARD.items()}


def unmarked(source: str) -> str:
    """Return about the text of the rows that `StreamingMarkdown` makes of a source."""
    return "\n".join(_blocks(clean(source).expandtabs(4).split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    closer: re.Pattern[str] | None = None
    for line in lines:
        if closer is not None:
            if closer.fullmatch(line):
                closer = None
            else:
                yield line
            continue
        opened = _FENCE.match(line)
        if opened or not line.strip():
            yield from _inline(paragraph)
            paragraph = []
        if opened:
            mark = opened[1]
            closer = re.compile(rf"[ >]*{re.escape(mark[0])}{{{len(mark)},}}[ ]*")
        else:
            paragraph.append(_without_lead(line))
    yield from _inline(paragraph)


def _without_lead(line: str) -> str:
    """Take away what makes a line a quote, an item, a heading, a row of a table, or a rule."""
    if _MARKS_ONLY.fullmatch(line):
        return ""
    if lead := _LEAD.match(line):
        line = line[lead.end() :]
    if heading := _HEADING.match(line):
        text = line[heading.end() :].rstrip()
        closed = text.rstrip("#")
        return closed.rstrip() if closed.endswith(" ") else text
    line = line.strip()
    if line.startswith("|") and len(line) > 1:
        cells = _CELLS.split(line.removeprefix("|").removesuffix("|"))
        return " │ ".join(cell.strip() for cell in cells)
    return line


def _inline(lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    text = "\n".join(lines)
    if len(text) > LONGEST_INLINE or not _SPECIAL.search(text):
        yield text
        return
    text = _LITERAL.sub(_literal, text)
    text = _LINK.sub(_link, text)
    for pair in _PAIRS:
        for _ in range(_NESTING):
            text, count = pair.subn(r"\2", text)
            if not count:
                break
    yield text.replace("\\\n", "\n").translate(_UNGUARD)


def _literal(found: re.Match[str]) -> str:
    escaped, ticks, code, address, entity = found.groups()
    if ticks:
        code = code.replace("\n", " ")
        if code.strip() and code[0] == code[-1] == " ":
            code = code[1:-1]
        return code.translate(_GUARD)
    shown = escaped or address or html.unescape(entity)
    return shown.translate(_GUARD)


def _link(found: re.Match[str]) -> str:
    is_image, text, target = found.groups()
    target = target.translate(_UNGUARD)
    if _REFUSED.match(target):
        return found[0]
    safe = safe_target(target)
    shown = (short_target(target) if safe else target).translate(_GUARD)
    if is_image:
        return f"[image: {text or 'no description'}]" + (f" ({shown})" if target else "")
    if text.translate(_UNGUARD) in (target, safe, target.removeprefix("mailto:")):
        return text
    return f"{text} ({shown})"
