"""Sizes, files and settings that are not as they should be: each gives words and loses nothing."""

import sqlite3
import sys

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine

pytestmark = pytest.mark.terminal


def test_a_terminal_of_20_by_5_still_holds_a_chat(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("Small but here.")
    program = machine.start(size=(20, 5))
    program.wait_for("INSERT")
    program.say("hi")
    program.wait_for("Small but here.")
    program.resize(100, 30)
    program.wait_for("Esc reads")
    program.wait_for("Small but here.")


def test_resizing_while_a_reply_streams_loses_nothing(
    machine: Machine, server: BackgroundServer
) -> None:
    gate = server.gate()
    server.answers("# Beginning\n\n- one\n- two\n\n```python\nx = 1\n", gate, "```\n\nThe end.")
    program = machine.ready()
    program.say("go on")
    program.wait_for("x = 1")
    for columns, rows in ((20, 5), (200, 50), (40, 12), (100, 30)):
        program.resize(columns, rows)
        program.wait_for(lambda: "INSERT" in program.status)
    gate.open()
    program.wait_for("The end.")
    program.wait_for("Beginning")
    program.wait_for("x = 1")


def test_a_terminal_that_grows_while_its_size_is_read_is_filled(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.run((sys.executable, "-m", "tests.terminal.growing"))
    program.wait_for("Esc reads")
    program.resize(40, 12)
    program.wait_for(lambda: program.size == (100, 30))
    program.resize(100, 30)  # it has this size already, so the program is not told again
    program.send("hello")
    program.wait_for(lambda: "> hello" in program.screen.split("\n")[-3])


def test_a_mistake_in_the_settings_is_told_with_its_line_and_the_app_starts(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write("conduit/config/settings.toml", 'idle_seconds = 30\nmax_steps = "many"\n')
    program = machine.ready()
    program.wait_for_wrapped("settings.toml, line 2: 'max_steps' must be")
    program.say("hello")
    program.wait_for("│ hello")


def test_settings_that_are_no_toml_are_told_and_the_app_starts(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write("conduit/config/settings.toml", '\ntheme = "dark\n')
    machine.ready().wait_for_wrapped("settings.toml, line 2: ")


def test_a_file_that_is_no_database_is_left_alone_with_words(
    machine: Machine, server: BackgroundServer
) -> None:
    text = "this is no database, " * 500
    machine.write("conduit/data/conduit.db", text)
    program = machine.ready()
    program.wait_for_wrapped("is not a database")
    program.wait_for("not saved")
    program.say("hello")
    program.wait_for("│ hello")
    assert machine.database.read_text() == text


def test_a_damaged_database_is_set_aside_with_words(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("hello", "│ hello")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    content = machine.database.read_bytes()
    damaged = content[:200] + b"\xa5" * (len(content) - 200)
    machine.database.write_bytes(damaged)
    again = machine.ready()
    again.wait_for_wrapped("damaged")
    again.say("still here")
    again.wait_for("│ still here")
    again.press("ctrl+q")
    assert again.exit_code() == 0
    kept = [path for path in machine.database.parent.iterdir() if path != machine.database]
    assert any(path.read_bytes() == damaged for path in kept)
    machine.ready().wait_for("│ still here")


def test_a_database_of_a_newer_version_is_left_alone(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("hello", "│ hello")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    connection = sqlite3.connect(machine.database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = machine.database.read_bytes()
    again = machine.ready()
    again.wait_for_wrapped("newer")
    again.wait_for("not saved")
    again.say("still here")
    again.wait_for("│ still here")
    assert machine.database.read_bytes() == before


def test_a_data_directory_that_cannot_be_used_is_told_and_the_chat_works(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write("conduit/data", "a file where the directory should be")
    program = machine.ready()
    program.wait_for("not saved")
    program.wait_for_wrapped("conduit/data")
    program.say("hello")
    program.wait_for("│ hello")
    program.press("ctrl+q")
    assert program.exit_code() == 0


def test_a_paste_of_five_megabytes_becomes_a_chip_and_the_keys_still_answer(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.ready()
    program.paste("a word of the paste\n" * 250_000)
    program.wait_for("pasted text")
    before = program.cpu_seconds
    program.send("what is it?")
    program.wait_for("> what is it?")
    assert program.cpu_seconds - before < 5
    program.press("ctrl+c")
    program.wait_for("Ask anything")


def test_a_line_of_200000_characters_is_shown_and_the_keys_still_answer(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("x" * 200_000, " the end")
    program = machine.ready()
    program.say("flood me")
    program.wait_for("the end")
    program.wait_for("Esc reads")
    before = program.cpu_seconds
    program.to_normal()
    program.press("g", "g")
    program.wait_for("flood me")
    program.press("G")
    program.wait_for("the end")
    assert program.cpu_seconds - before < 10


def test_without_a_terminal_that_can_show_a_screen_it_says_so(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.environ["TERM"] = "dumb"
    program = machine.start()
    assert program.exit_code() == 2
    assert b"conduit-tui ask" in program.raw
    assert b"\x1b" not in program.raw
