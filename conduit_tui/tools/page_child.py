"""Turns one page of HTML into Markdown, as a program of its own: some pages take for ever.

    python -I -S page_child.py LIBRARIES BASE_URL START COUNT < page.html > answer.json

It holds itself to so much time and memory, and prints a part of the text with its title and the
length of the whole.
"""

import html
import json
import os
import re
import resource
import sys
from contextlib import suppress

SECONDS = 5
MOST_BYTES = 1 << 30

_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,2000})", re.I)
_TITLE_WITHIN = 60_000


def main() -> None:
    """Read, convert, print. A page that is too much for it ends the process."""
    hold_back()
    libraries, base, start, count = sys.argv[1:5]
    sys.path.append(libraries)
    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    text = converted(page, base)
    at = int(start)
    answer = {"title": title(page), "text": text[at : at + int(count)], "characters": len(text)}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def hold_back() -> None:
    """Take no more than a share of the machine, and write no files."""
    os.nice(5)
    limits = (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MOST_BYTES),  # some systems do not know it
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, most in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def converted(page: str, base: str) -> str:
    """Return a page's Markdown: what it is about, or everything if that leaves nothing."""
    from html_to_markdown import ConversionOptions, PreprocessingOptions, convert

    def convert_with(*, everything: bool) -> str:
        options = ConversionOptions(
            extract_metadata=False,
            base_url=base,
            inline_data_media="drop_element",
            hidden_content="all" if everything else "drop",
            preprocessing=PreprocessingOptions(enabled=False) if everything else None,
        )
        return (convert(page, options).content or "").strip()

    return convert_with(everything=False) or convert_with(everything=True)


def title(page: str) -> str:
    """Return what a page calls itself, in one line."""
    match = _TITLE.search(page, 0, _TITLE_WITHIN)
    return " ".join(html.unescape(match[1]).split())[:300] if match else ""


if __name__ == "__main__":
    main()
