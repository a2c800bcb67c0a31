"""A whole reply on stdout, after the screen is gone."""

import io
import sys

import pytest

from conduit_tui.commands.last_reply import print_reply


def test_it_is_plain_where_stdout_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_reply("So *it* is.\n\n```sh\nls\n```")
    assert capsys.readouterr().out == "So *it* is.\n\n```sh\nls\n```\n"


def test_it_is_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    print_reply("\x1b[2J\x1b]52;c;aGk=\x07")
    assert capsys.readouterr().out == "␛[2J␛]52;c;aGk=␇\n"


def test_an_encoding_that_lacks_a_character_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stdout)
    print_reply("naïve")
    assert stdout.buffer.getvalue() == b"na?ve\n"  # type: ignore[attr-defined]
