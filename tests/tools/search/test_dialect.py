"""Regular expressions as a model writes them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from conduit_tui.tools.search.dialect import for_ripgrep, read
from conduit_tui.tools.search.expressions import BadPattern


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?=a)b", "Lookahead"),
        ("(?<!a)b", "lookbehind"),
        (r"(a)\1", "Back-references"),
        ("(?P<x>a)(?P=x)", "Back-references"),
        ("(?>a)", "Atomic"),
        ("a++", "possessive"),
        (r"a\Z", "end of a line"),
        ("a{1,1000}{1,1000}b", r"\(\?:…\)"),
        ("a{2000}", "1000"),
        (r"\p{L}{1,200}z", "too large"),
        ("(a", "literal"),
        ("", "empty"),
        ("x" * 1_000_000, "1,000,000 characters"),
        ("a\nb", "line break"),
        ("a\ud800", "half a character"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_what_to_do(pattern: str, words: str) -> None:
    with pytest.raises(BadPattern, match=words) as refused:
        read(pattern, ignore_case=False, is_literal=False)
    assert len(str(refused.value)) < 600


def test_a_literal_pattern_is_looked_for_as_it_is() -> None:
    _, expression = read("a.b(*", ignore_case=False, is_literal=True)
    assert expression.search(b"xa.b(*")
    assert not expression.search(b"axb(*")


def test_an_expression_stays_within_a_line() -> None:
    _, expression = read(r"a\s+b|[^x]$^c", ignore_case=False, is_literal=False)
    assert not expression.search(b"a\nb")
    assert not expression.search(b"a\nc")


@pytest.mark.skipif(not shutil.which("rg"), reason="ripgrep is not installed")
@pytest.mark.parametrize(
    "pattern",
    [
        r"\bfoo\b",
        r"[\w.-]+@[\w]+",
        r"[^\W]x",
        r"\d{2,}",
        r"fn() {",
        r"x{,3}",
        r"a{2}",
        r"[[]",
        r"[&&~~]",
        r"[]a]",
        r"\S+\s\D",
        r"[\S]é",
        r"\/\"\<",
        r"[[:alpha:]]\.",
        r"é$",
        r"^.{2}$",
        r"\Bo",
        r"\x41|\x{e9}",
        r"(?i)FOO",
        r"\pL+\p{Greek}",
    ],
)
def test_ripgrep_is_told_the_same(pattern: str, tmp_path: Path) -> None:
    text = (
        "foo\nfoobar\nme.x@host\nax\n12\nfn() {\nx{,3}\naa\n[\n&\n~\n]\nn\u00e9\n\u00e9\n"
        '/"<\nb.\n\u00e9o\nA\nlα\nxx  y\nw\n_\n a\n'
    )
    (tmp_path / "text").write_text(text)
    expression, compiled = read(pattern, ignore_case=False, is_literal=False)
    translated = for_ripgrep(expression)
    assert translated is not None
    said = subprocess.run(
        ["rg", "--no-config", "--regexp", translated, "text"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stderr == ""
    ours = [line for line in text.splitlines() if compiled.search(line.encode())]
    assert said.stdout.splitlines() == ours


@pytest.mark.parametrize("pattern", [r"\Qa.b\E", r"\C", r"\07", "[a--z]", "a\0"])
def test_what_ripgrep_would_take_differently_is_not_given_to_it(pattern: str) -> None:
    assert for_ripgrep(pattern) is None
