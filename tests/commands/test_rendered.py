"""What the terminal holds after a rendered answer."""

import io

import pytest
from rich.console import Console

from conduit_tui.commands.rendered import RenderedPrinter


def _console(height: int = 10) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        width=40,
        height=height,
        color_system=None,
        legacy_windows=False,
        _environ={},
    )


def _printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def _print_whole(source: str) -> str:
    console = _console()
    printer = RenderedPrinter(console)
    await printer.write(source)
    printer.end_message()
    printer.close()
    return _printed(console)


async def test_blocks_are_rendered_with_one_empty_line_between() -> None:
    printed = await _print_whole("One *two*\n\n```\ncode\n```\n\n- item\n")
    rows = [row.rstrip() for row in printed.splitlines()]
    assert [row for row in rows if "\x1b" not in row] == ["One two", "", " code", "", " • item"]


async def test_an_answer_taller_than_the_screen_is_printed_whole() -> None:
    source = "\n".join(f"- item {number}" for number in range(100))
    printed = await _print_whole(source)
    assert all(f"item {number}" in printed for number in range(100))


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("<b>bold</b> words", "<b>bold</b> words"),
        ("<details>\nhidden\n</details>", "hidden"),
        ("[1]: http://example.com/a", "http://example.com/a"),
        ("![a cat](http://example.com/c)", "http://example.com/c"),
        ("[name](http://example.com/n)", "http://example.com/n"),
    ],
)
async def test_nothing_that_rich_would_drop_is_lost(source: str, kept: str) -> None:
    assert kept in await _print_whole(source)


@pytest.mark.parametrize(
    "source",
    [
        "&#x202e;turned",
        "<http://a/%1b%5b31mred>",
        "[x](http://a/%c2%9b31m)",
        "\x1b[31mred",
        "&#27;[31m",
    ],
)
async def test_no_spelling_of_a_control_character_gets_through(source: str) -> None:
    printed = await _print_whole(source)
    assert not {"\u202e", "\x9b"} & set(printed)
    assert "\x1b[31m" not in printed


async def test_links_are_text_and_not_terminal_links() -> None:
    assert "\x1b]8" not in await _print_whole("[name](http://example.com)")
