"""`show`: a message as its source, as a block of its code, as JSON, and what cannot be shown."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.commands.code_blocks import code_of
from conduit_tui.core.change import SetAbsence, SetMark
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Part,
    Role,
    Structured,
    Text,
    Thinking,
    ToolCall,
)
from conduit_tui.core.session import Session
from tests.commands.conftest import Program
from tests.commands.history import change, keep
from tests.conftest import AT

REPLY = "Here:\n\n```python\nprint('hi')\n```\n\n- item\n\n  ```sh\n  ls -la\n  ```\n\n\x1b[31mred"


def message(
    name: str, above: str | None, role: Role, *parts: str | Part, **fields: object
) -> Message:
    made = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return Message(name * 8, "5e55" * 8, above and above * 8, role, made, AT, **fields)  # type: ignore[arg-type]


@pytest.fixture
def talk() -> Session:
    """a asks and b answers with two blocks; c asks with a file; d and e answer, one is at d."""
    session = Session("5e55" * 8, "Explain Raft", title_is_manual=True)
    session.add(message("a", None, "user", "Explain *Raft*\nshortly"))
    session.add(message("b", "a", "assistant", Thinking("Hm."), REPLY, model="sonnet"))
    session.add(message("c", "b", "user", "And?", Attachment("text/plain", b"x = 1\n", "a.py")))
    session.add(message("d", "c", "assistant", "Well.", Citation("https://a.example", "A")))
    session.add(message("e", "c", "assistant", ToolCall("t1", "current_time", "{}")))
    session.visit("d" * 8)
    return session


@pytest.fixture
async def kept(program: Program, talk: Session) -> Program:
    """The program with that talk, open last, and another one."""
    other = Session("0712" * 8, "Other", title_is_manual=True)
    other.add(Message("1234" * 8, other.id, None, "user", (Text("Elsewhere"),), AT))
    other.visit("1234" * 8)
    await keep(program.home, talk, other, last=talk)
    return program


async def shown(program: Program, *arguments: str) -> str:
    result = await program.run("show", *arguments)
    assert (result.code, result.stderr) == (0, "")
    return result.stdout


# -- what is printed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("@",), "Well.\n\n1. A <https://a.example>\n"),
        (("@~3",), "Explain *Raft*\nshortly\n"),
        (("aaaa",), "Explain *Raft*\nshortly\n"),
        (("bbbb",), REPLY.replace("\x1b", "␛") + "\n"),
        (("@^",), "And?\n"),
        (("@^2",), "> called current_time({})\n"),
        ((":/WELL",), "Well.\n\n1. A <https://a.example>\n"),
        (("1234",), "Elsewhere\n"),
        (("@", "--session", "other"), "Elsewhere\n"),
        (("aaaa", "--session", "other"), "Explain *Raft*\nshortly\n"),
        (("bbbb", "--raw"), REPLY),
        (("@", "--raw"), "Well."),
        (("@~3..@~2", "--raw"), f"Explain *Raft*\nshortly\n{REPLY}"),
        (("bbbb", "--code", "1"), "print('hi')\n"),
        (("bbbb", "--code", "2"), "ls -la\n"),
        (("@^", "--code", "1"), "x = 1\n"),
    ],
)
async def test_where_it_is_piped_it_is_the_source(
    kept: Program, arguments: tuple[str, ...], printed: str
) -> None:
    assert await shown(kept, *arguments) == printed


async def test_of_a_path_each_message_has_a_line_that_says_whose_it_is(kept: Program) -> None:
    kept.environ["TZ"] = "UTC"
    assert await shown(kept, "@^..") == (
        "ccccccc · you · 22 Nov 2026 12:00\n\nAnd?\n\n> attached: a.py\n\n"
        "ddddddd · model · 22 Nov 2026 12:00\n\nWell.\n\n1. A <https://a.example>\n"
    )


async def test_json_is_one_object_or_for_a_path_a_list(kept: Program, talk: Session) -> None:
    await change(kept.home, talk.id, (SetMark("b" * 8, Mark("best", AT, "keep")),))
    found = json.loads(await shown(kept, "@best", "--json"))
    assert (found["id"], found["session_id"]) == ("b" * 8, talk.id)
    assert (found["predecessor_id"], found["role"], found["model"]) == (
        "a" * 8,
        "assistant",
        "sonnet",
    )
    assert (found["text"], found["thinking"]) == (REPLY, "Hm.")
    assert (found["label"], found["is_starred"], found["note"]) == ("best", True, "keep")
    assert (found["status"], found["is_pruned"]) == ("complete", False)
    path = json.loads(await shown(kept, "@^..@", "--json"))
    assert [each["id"] for each in path] == ["c" * 8, "d" * 8]
    assert path[0]["attachments"] == [{"name": "a.py", "media_type": "text/plain", "size_bytes": 6}]
    assert len(json.loads(await shown(kept, "@..@", "--json"))) == 1


async def test_an_id_reaches_what_was_pruned(kept: Program, talk: Session) -> None:
    await change(kept.home, talk.id, (SetAbsence("e" * 8, Absence("pruned", AT)),))
    assert json.loads(await shown(kept, "eeee", "--json"))["is_pruned"] is True
    assert (await kept.run("show", "@^2")).code == 2


async def test_a_reader_that_had_enough_is_no_error(program: Program) -> None:
    session = Session("5e55" * 8, "Long")
    session.add(message("a", None, "assistant", "line\n" * 200_000))
    session.visit("a" * 8)
    await keep(program.home, session, last=session)
    process = await program.start("show", "@")
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined]
    assert await process.stderr.read() == b""
    assert await asyncio.wait_for(process.wait(), 60) == 141


# -- what cannot be shown ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("@^^^^^^",), "is the first message; nothing is above it. (Session 'Explain Raft'.)"),
        (("@best",), "No message is labelled 'best'."),
        (("ffff",), "No message of any session has an id that begins with 'ffff'."),
        (("12",), "No id or label '12' in this session."),
        (("",), "'' is no address."),
        (("...",), "No id or label '.'"),
        (("@~99999999999999999999",), "there are only 3 messages above ddddddd"),
        (("@~٣",), "is no address"),
        (("@", "--session", "nowhere"), "No session has 'nowhere' in its title"),
        (("bbbb", "--code", "3"), "There is no block 3; this message has blocks 1 to 2."),
        (("bbbb", "--code", "0"), "There is no block 0; this message has blocks 1 to 2."),
        (("@^", "--code", "-1"), "There is no block -1; this message has only block 1."),
        (("@", "--code", "1"), "This message has no block of code."),
        (("@", "--code", "x"), "not a valid integer"),
        (("@..", "--code", "1"), "--code takes one message, not a path."),
        (("@", "--json", "--raw"), "leave out --raw and --code"),
        ((), "Missing argument 'ADDRESS'."),
    ],
)
async def test_what_cannot_be_shown_is_a_usage_mistake(
    kept: Program, arguments: tuple[str, ...], words: str
) -> None:
    result = await kept.run("show", *arguments)
    assert (result.code, result.stdout) == (2, "")
    assert words in result.stderr


async def test_an_id_of_several_messages_in_several_sessions_needs_more_digits(
    program: Program,
) -> None:
    for number in (1, 2):
        session = Session(f"{number}" * 32, f"Talk {number}")
        session.add(Message(f"abcd{number}" + "0" * 27, session.id, None, "user", (Text("x"),), AT))
        session.visit(f"abcd{number}" + "0" * 27)
        await keep(program.home, session)
    empty = Session("3" * 32, "Empty")
    await keep(program.home, empty, last=empty)
    result = await program.run("show", "ABCD")
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == "'abcd' could be abcd1000, abcd2000. Write more digits.\n"
    assert (await program.run("show", "abcd2", "--raw")).stdout == "x"


async def test_before_there_is_any_session_it_says_so_and_writes_nothing(program: Program) -> None:
    result = await program.run("show", "@")
    assert (result.code, result.stdout) == (2, "")
    assert "There is no session yet." in result.stderr
    assert not program.home.exists()


async def test_a_history_that_cannot_be_read_is_a_failure_in_words(program: Program) -> None:
    (program.home / "data").mkdir(parents=True)
    Path(program.home / "data" / "conduit.db").write_text("no database " * 100)
    result = await program.run("show", "@")
    assert (result.code, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr


async def test_the_help_explains_addresses(program: Program) -> None:
    for name in ("show", "ask"):
        printed = (await program.run(name, "--help")).stdout
        assert "  @^2     its second sibling, in order of creation\n" in printed
        assert "  a..b    the path from a to b; an end left out is @\n" in printed


# -- blocks of code ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("```\na\r\nb\r\n\r\n```\n", ["a\r\nb\r\n\r\n"]),
        ("```\na\0b\x0bc\u2028d\n```", ["a\0b\x0bc\u2028d\n"]),
        ("```py\nlast", ["last"]),
        ("```\n```\n", [""]),
        ("> ```\n> q\n> ```\n", ["q\n"]),
        ("-\t```\n\tx\n\t\ty\n\t```\n", ["x\n\ty\n"]),
        ("~~~\n```\n~~~\n\n    indented\n", ["```\n", "indented\n"]),
        ("text\n\n    indented", ["indented\n"]),
        ("no code", []),
    ],
)
def test_code_is_what_stands_between_the_fences_to_the_byte(source: str, blocks: list[str]) -> None:
    assert code_of(message("a", None, "assistant", source)) == blocks


def test_a_persons_words_are_code_only_in_a_fence_and_a_value_is_a_block() -> None:
    assert code_of(message("a", None, "user", "    indented")) == []
    assert code_of(message("a", None, "user", "x\n```\ny\n```")) == ["y\n"]
    reply = message("a", None, "assistant", Structured("s", {"n": 1}))
    assert code_of(reply) == ['{\n  "n": 1\n}\n']


LINES = st.text(st.characters(blacklist_characters="\r\n`~", codec="utf-8"), max_size=20)


@given(st.lists(LINES, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_any_code_comes_back_as_it_was_written(lines: list[str], end: str) -> None:
    code = "".join(line + end for line in lines)
    source = f"Before{end}{end}```x{end}{code}```{end}after"
    assert code_of(message("a", None, "assistant", source)) == [code]
