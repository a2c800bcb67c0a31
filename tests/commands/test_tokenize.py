"""`tokenize` in a process of its own: a count, and how it was found."""

import json

import pytest

from conduit_tui.commands.tokenize import Counted
from tests.commands.conftest import Program

GPT = ("tokenize", "-m", "openai/gpt-5")


@pytest.fixture
def program(program: Program, tmp_path) -> Program:
    """One without any encoding on its machine."""
    program.environ["TIKTOKEN_CACHE_DIR"] = str(tmp_path / "none")
    return program


async def test_a_text_is_counted_and_the_estimate_marked(program: Program) -> None:
    result = await program.run(*GPT, "Hello", "world,", "this is a test")
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout == "~7 tokens (estimate, openai/gpt-5)\n"
    assert not program.home.exists()


async def test_stdin_is_read_for_a_dash(program: Program) -> None:
    result = await program.run("tokenize", "--json", "-", stdin="Grüße\n".encode() * 100)
    found = json.loads(result.stdout)
    assert found["is_estimated"]
    assert found["method"] == "estimate"
    assert found["model"] == "demo/guide"
    assert 100 < found["tokens"] < 600


async def test_bytes_that_are_no_text_are_counted_somehow(program: Program) -> None:
    result = await program.run(*GPT, "-", stdin=b"\xff\xfe\x00ab")
    assert result.code == 0


async def test_a_dash_among_words_is_text(program: Program) -> None:
    assert (await program.run(*GPT, "a", "-", "b")).code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tokenize",), "There is no text"),
        (("tokenize", "-m", "nope", "x"), "No model is named 'nope'"),
        (("tokenize", "-m", "demo/guide", "--exact", "x"), "counts no tokens on request"),
    ],
)
async def test_what_cannot_be_counted_is_a_usage_mistake(
    program: Program, arguments: tuple[str, ...], words: str
) -> None:
    result = await program.run(*arguments)
    assert (result.code, result.stdout) == (2, "")
    assert words in result.stderr


def test_one_token_is_one() -> None:
    assert (
        Counted(1, "openai/gpt-5", "o200k_base").in_words() == "1 token (o200k_base, openai/gpt-5)"
    )
