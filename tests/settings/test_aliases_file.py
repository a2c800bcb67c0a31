"""aliases.toml: what makes sense counts, each mistake becomes words with its line."""

import os
from pathlib import Path

import pytest

from conduit_tui.settings.aliases_file import read_aliases
from conduit_tui.settings.paths import Paths
from tests.settings.conftest import LoadText


def read(path: Path, text: str | bytes) -> tuple[dict[str, str], list[str]]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    notices: list[str] = []
    return read_aliases(path, notices), notices


def test_the_settings_hold_the_aliases(load: LoadText, paths: Paths) -> None:
    paths.aliases_file.write_text('work = "openai/gpt-5"\nbest = "work"\n')

    settings = load()

    assert settings.aliases == {"work": "openai/gpt-5", "best": "work"}
    assert settings.notices == ()


def test_without_the_file_there_are_none(load: LoadText) -> None:
    assert load().aliases == {}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("bad = 5", "'bad' must stand for the name of a model, in quotes"),
        ('bad = "  "', "'bad' must stand for the name of a model"),
        ("bad = {}", "'bad' must stand for the name of a model"),
        ('"a/b" = "x"', "'a/b' is no alias: a word without blanks and slashes is one"),
        ('"a b" = "x"', "'a b' is no alias"),
        ('"" = "x"', "'' is no alias"),
        ('bad = "bad"', "'bad' leads back to itself"),
        ("bad = openai", "text goes in quotes"),
    ],
)
def test_a_mistake_names_its_line_and_the_rest_counts(
    tmp_path: Path, line: str, words: str
) -> None:
    path = tmp_path / "aliases.toml"

    aliases, notices = read(path, f'# mine\ngood = "x"\n{line}\nlast = "good"\n')

    assert aliases == {"good": "x", "last": "good"}
    assert len(notices) == 1
    assert notices[0].startswith(f"{path}, line 3: ")
    assert words in notices[0]


def test_every_alias_of_a_circle_is_told_and_left_out(tmp_path: Path) -> None:
    aliases, notices = read(
        tmp_path / "aliases.toml", 'a = "B"\nb = "c"\nc = "a"\nd = "a"\ne = "openai/x"\n'
    )

    assert aliases == {"e": "openai/x"}
    assert [notice.partition("line ")[2] for notice in notices] == [
        f"{line}: {alias!r} leads back to itself; let it stand for a model."
        for line, alias in enumerate("abcd", 1)
    ]


def test_what_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    aliases, notices = read(tmp_path / "aliases.toml", b'a = "x"\nb = "\xff"\n')

    assert aliases == {}
    assert "line 2: this is not UTF-8 text" in notices[0]


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "aliases.toml")
    notices: list[str] = []

    assert read_aliases(tmp_path / "aliases.toml", notices) == {}
    assert "Its aliases are not used." in notices[0]
