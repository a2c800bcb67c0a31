"""Emphasis, code, links and images inside a block, as lines of styled fragments."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from conduit_tui.tui.markdown.links import BARE_URL, safe_target, short_target
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.parser import parse_inline
from conduit_tui.tui.markdown.rows import Fragment

if TYPE_CHECKING:
    from markdown_it.token import Token

_PLAIN = re.compile(r"[^\\`*_~\[\]!<&:\n\t]*")
_STRONG = Style(bold=True)
_EMPHASIS = Style(italic=True)
_STRUCK = Style(strike=True)


def inline_lines(text: str, base: Style, palette: Palette) -> list[list[Fragment]]:
    """Return the lines of a block's text; a line break in the source stays a line break."""
    if _PLAIN.fullmatch(text):
        return [[(text, base)] if text else []]
    tokens = parse_inline(text)
    if tokens is None:
        return [[(line.expandtabs(4), base)] for line in text.split("\n")]
    return _Writer(base, palette).write(tokens)


class _Writer:
    def __init__(self, base: Style, palette: Palette) -> None:
        self._palette = palette
        self._styles = [base]
        self._links: list[tuple[str, str | None, int]] = []
        self._lines: list[list[Fragment]] = [[]]

    def write(self, tokens: "Sequence[Token]") -> list[list[Fragment]]:
        for token in tokens:
            self._write_token(token)
        return self._lines

    def _write_token(self, token: "Token") -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self._lines.append([])
            case "strong_open":
                self._push(_STRONG)
            case "em_open":
                self._push(_EMPHASIS)
            case "s_open":
                self._push(_STRUCK)
            case "strong_close" | "em_close" | "s_close":
                self._styles.pop()
            case "link_open":
                self._open_link(str(token.attrs.get("href", "")))
            case "link_close":
                self._close_link()
            case "code_inline":
                self._add(token.content, self._styles[-1] + self._palette.code)
            case "image":
                self._write_image(token)
            case _:
                self._write_text(token.content)

    def _push(self, style: Style) -> None:
        self._styles.append(self._styles[-1] + style)

    def _add(self, text: str, style: Style) -> None:
        if text:
            self._lines[-1].append((text.replace("\t", " ").replace("\n", " "), style))

    def _write_text(self, text: str) -> None:
        style = self._styles[-1]
        if "://" not in text or self._links:
            self._add(text, style)
            return
        position = 0
        for found in BARE_URL.finditer(text):
            self._add(text[position : found.start()], style)
            target = safe_target(found[0])
            self._add(found[0], style + self._link_style(target) if target else style)
            position = found.end()
        self._add(text[position:], style)

    def _open_link(self, target: str) -> None:
        safe = safe_target(target)
        self._links.append((target, safe, len(self._lines[-1])))
        self._push(self._link_style(safe) if safe else Style.null())

    def _close_link(self) -> None:
        self._styles.pop()
        target, safe, start = self._links.pop()
        shown = "".join(text for text, _ in self._lines[-1][start:])
        if shown in (target, safe, target.removeprefix("mailto:")):
            return
        self._add(f" ({short_target(target) if safe else target})", self._palette.muted)

    def _link_style(self, target: str) -> Style:
        return self._palette.link + Style(link=target)

    def _write_image(self, token: "Token") -> None:
        target = str(token.attrs.get("src", ""))
        self._add(f"[image: {token.content or 'no description'}]", self._palette.accent)
        if target:
            shown = short_target(target) if safe_target(target) else target
            self._add(f" ({shown})", self._palette.muted)
