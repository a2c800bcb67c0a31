"""Pages as Markdown, made in a process of its own.

2 MB of `<a><b><table>` keep html-to-markdown busy for minutes, and others take a gigabyte; a
process can be held to a limit and ended, a thread cannot. Starting one costs 40 ms.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.child import answered

SECONDS = 8.0
"""How long a page may take, with the start of the process; see `page_child.py` for its CPU."""

_CHILD = Path(__file__).with_name("page_child.py")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a page as Markdown, and how long the whole is."""

    title: str
    text: str
    characters: int


async def page_as_markdown(
    html: str,
    base_url: str,
    start: int,
    count: int,
    environ: Mapping[str, str],
    seconds: float = SECONDS,
) -> Page:
    """Convert a page; links are made absolute. Raises ToolError for one that takes too much."""
    arguments = (str(_CHILD), _libraries(), base_url, str(start), str(count))
    work = html.replace("\0", "\ufffd").encode()
    try:
        async with asyncio.timeout(seconds):
            written, code = await answered(arguments, work, environ)
    except TimeoutError:
        raise ToolError("The page is built so that it takes too long to read.") from None
    if code != 0:
        raise ToolError("The page is built so that it takes too much to read.")
    answer = json.loads(written)
    return Page(str(answer["title"]), str(answer["text"]), int(answer["characters"]))


def _libraries() -> str:
    """Where the library is that the process needs."""
    spec = find_spec("html_to_markdown")
    if spec is None or spec.origin is None:
        raise ToolError("html-to-markdown is not installed, so pages cannot be read.")
    return str(Path(spec.origin).parents[1])
