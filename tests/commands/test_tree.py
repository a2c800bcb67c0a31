"""`tree`: a session's tree in plain text, and which session is meant."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from conduit_tui.commands.tree_text import Look, tree_lines
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from tests.commands.conftest import Program
from tests.commands.history import keep, opened
from tests.conftest import AT

PLAIN = Look(width=60)
WHOLE = replace(PLAIN, is_folded=False)


class Talk:
    """Grows a session message by message; ids are 8 digits that begin with what is given."""

    def __init__(self, title: str = "Explain Raft", session_id: str = "5e55" * 8) -> None:
        self.session = Session(session_id, title, title_is_manual=True)

    def add(self, name: str, above: str | None, text: str = "", **fields: object) -> "Talk":
        """Add a question, or with a `model` a reply; the leaf goes along."""
        new = Message(
            id=name * 8,
            session_id=self.session.id,
            predecessor_id=above * 8 if above else None,
            role="assistant" if "model" in fields else "user",
            parts=(Text(text),) if text else (),
            created_at=AT + timedelta(minutes=len(self.session)),
        )
        self.session.add(replace(new, **fields))  # type: ignore[arg-type]
        self.session.visit(new.id)
        return self

    def chain(self, turns: int, above: str) -> "Talk":
        """Add turns with ids of their own below a message."""
        last = above * 8
        for number in range(turns * 2):
            role = "assistant" if number % 2 else "user"
            new_id = f"{number:04x}{above * 4}"
            parts = (Text(f"turn {number // 2}"),)
            self.session.add(Message(new_id, self.session.id, last, role, parts, AT))  # type: ignore[arg-type]
            last = new_id
        self.session.visit(last)
        return self


def lines(session: Session, look: Look = WHOLE) -> list[str]:
    return list(tree_lines(session, look))


def fork() -> Session:
    talk = Talk().add("a", None, "Explain Raft").add("b", "a", "Raft is", model="sonnet")
    talk.add("c", "b", "in 3 bullets").add("d", "c", "- one", model="sonnet")
    talk.add("e", "b", "to a child").add("f", "e", "Imagine", model="gpt")
    return talk.session


# -- the drawing ------------------------------------------------------------------------------


def test_forks_open_lanes_models_are_named_where_they_change_and_the_leaf_has_its_sign() -> None:
    assert lines(fork()) == [
        "aaaaaaa   you: Explain Raft",
        "bbbbbbb   sonnet: Raft is",
        "ccccccc   ├─ you: in 3 bullets",
        "ddddddd   │ reply: one",
        "eeeeeee   └─ you: to a child",
        "fffffff @   gpt: Imagine",
    ]


def test_stars_labels_and_what_did_not_end_well_stand_behind_the_words() -> None:
    session = fork()
    session.set_mark("b" * 8, Mark("best", AT))
    session.add(
        Message("9" * 8, session.id, "e" * 8, "assistant", (), AT, status="error", error="Gone.")
    )
    session.add(
        Message("8" * 8, session.id, "e" * 8, "assistant", (Text("So"),), AT, status="interrupted")
    )
    drawn = lines(session)
    assert drawn[1] == "bbbbbbb   sonnet: Raft is ★ [best]"
    assert drawn[-2:] == [
        "9999999     ├─ reply: Gone. (error)",
        "8888888     └─ reply: So (interrupted)",
    ]


def test_what_was_pruned_is_not_drawn() -> None:
    session = fork()
    session.set_absence("e" * 8, Absence("pruned", AT))
    session.visit("d" * 8)
    assert lines(session)[2:] == ["ccccccc   you: in 3 bullets", "ddddddd @ reply: one"]


def test_long_runs_are_folded_and_what_is_special_in_them_is_not() -> None:
    session = Talk().add("a", None, "Begin").chain(20, "a").session
    session.set_mark("0013aaaa", Mark("best"))
    assert lines(session, PLAIN) == [
        "aaaaaaa   you: Begin",
        "          … 10 turns",
        "0013aaa   reply: turn 9 [best]",
        "          … 8 turns",
        "0023aaa   reply: turn 17",
        "0024aaa   you: turn 18",
        "0025aaa   reply: turn 18",
        "0026aaa   you: turn 19",
        "0027aaa @ reply: turn 19",
    ]
    assert len(lines(session)) == 41


def test_a_short_run_is_not_worth_a_fold() -> None:
    session = Talk().add("a", None, "Begin").chain(3, "a").session
    assert len(lines(session, PLAIN)) == 7


def test_words_are_cut_to_the_width_by_cells() -> None:
    talk = Talk().add("a", None, "日本語" * 40).add("b", "a", "x" * 200, model="m" * 80)
    first, second = lines(talk.session)
    assert first == "aaaaaaa   you: " + "日本語" * 7 + "日…"
    assert second == f"bbbbbbb @ {'m' * 29}…: {'x' * 17}…"


def test_ids_that_begin_alike_are_shown_as_far_as_they_differ() -> None:
    session = Session("s1")
    for message_id, above in (("abcdef12", None), ("abcdef13", "abcdef12"), ("12345678", None)):
        session.add(Message(message_id, "s1", above, "user", (Text("x"),), AT))
    assert [line.split()[0] for line in lines(session)] == ["abcdef12", "abcdef13", "1234567"]


def test_in_ascii_there_are_signs_for_lanes_stars_and_cuts() -> None:
    session = fork()
    session.set_mark("c" * 8, Mark(None, AT))
    session.add(Message("9" * 8, session.id, "d" * 8, "user", (Text("w " * 60),), AT))
    drawn = lines(session, replace(WHOLE, is_ascii=True))
    assert drawn[2] == "ccccccc   |- you: in 3 bullets *"
    assert drawn[5] == "eeeeeee   `- you: to a child"
    assert drawn[4].endswith("w...")
    assert len(drawn[4]) <= 60
    assert "".join(drawn).isascii()


def test_colours_add_nothing_but_colours() -> None:
    from click import unstyle

    coloured = lines(fork(), replace(WHOLE, is_coloured=True))
    assert [unstyle(line).rstrip() for line in coloured] == lines(fork())
    assert all("\x1b[" in line for line in coloured)


def test_what_changed_on_an_edge_stands_behind_in_brackets() -> None:
    session = Talk().add("a", None, "Explain Raft in 3 bullets").session
    other = Message("b" * 8, session.id, None, "user", (Text("Explain Raft to a child"),), AT)
    session.add(other)
    edited = lines(session)[1]
    assert edited.endswith('("in 3 bullets" → "to a child")')
    assert "(" not in lines(session)[0]


def test_escape_codes_in_words_and_names_are_harmless() -> None:
    talk = Talk().add("a", None, "red \x1b[31m\x07").add("b", "a", "x", model="m\x1b]0;t\x07")
    assert "\x1b" not in "".join(lines(talk.session))
    assert lines(talk.session)[0] == "aaaaaaa   you: red ␛[31m␇"


# -- the command ------------------------------------------------------------------------------


async def test_the_session_that_was_open_last_is_drawn_under_its_title(program: Program) -> None:
    session, other = fork(), Talk("Other", "0712" * 8).add("1", None, "Hm").session
    session.title = "Raft \x1b[31mred"
    await keep(program.home, session, other, last=session)
    result = await program.run("tree")
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == [
        "Raft ␛[31mred (5e555e5, 6 messages)",
        "aaaaaaa   you: Explain Raft",
    ]


async def test_where_none_was_open_it_is_the_newest(program: Program) -> None:
    new = Talk("New", "0712" * 8).add("1", None, "Hm", created_at=AT + timedelta(days=1)).session
    await keep(program.home, new, fork())
    assert (await program.run("tree")).stdout.startswith("New (0712071, 1 message)\n")


@pytest.mark.parametrize("named", ["RAFT", "lain ra", "5e555e", "5E55", "explain raft"])
async def test_a_session_is_named_by_a_part_of_its_title_or_its_id(
    program: Program, named: str
) -> None:
    await keep(program.home, fork(), Talk("Trip", "0712" * 8).add("1", None, "Hm").session)
    assert (await program.run("tree", *named.split())).stdout.startswith("Explain Raft (")


async def test_several_that_fit_are_listed_with_their_ids(program: Program) -> None:
    trips = [
        Talk(title, digits * 8).add(digits[0], None, "Hm").session
        for title, digits in (("Trip to Oslo", "1111"), ("Trip to \x1b[1mRome", "2222"))
    ]
    await keep(program.home, *trips)
    result = await program.run("tree", "trip")
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.startswith("'trip' could be 2 sessions:\n")
    assert "\n  1111111  Trip to Oslo\n" in result.stderr
    assert "\n  2222222  Trip to ␛[1mRome\n" in result.stderr
    assert "Write more of the title, or the id." in result.stderr


async def test_a_whole_title_goes_before_parts_of_others(program: Program) -> None:
    trips = [
        Talk(title, digits * 8).add(digits[0], None, "Hm").session
        for title, digits in (("Trip", "1111"), ("Trip to Rome", "2222"))
    ]
    await keep(program.home, *trips)
    assert (await program.run("tree", "trip")).stdout.startswith("Trip (1111111")


@pytest.mark.parametrize("named", ["nowhere", "5e5", "ffff", "", "\x1b[31m"])
async def test_one_that_is_not_there_is_a_usage_mistake(program: Program, named: str) -> None:
    await keep(program.home, fork())
    result = await program.run("tree", named)
    assert (result.code, result.stdout) == (2, "")
    assert "title" in result.stderr
    assert "\x1b" not in result.stderr


async def test_before_there_is_any_session_it_says_so_and_writes_nothing(program: Program) -> None:
    result = await program.run("tree")
    assert (result.code, result.stdout) == (2, "")
    assert "There is no session yet." in result.stderr
    assert not program.home.exists()


async def test_output_that_is_piped_is_plain_and_ascii_where_it_has_to_be(
    program: Program,
) -> None:
    await keep(program.home, fork())
    program.environ["PYTHONIOENCODING"] = "ascii"
    result = await program.run("tree")
    assert "eeeeeee   `- you: to a child\n" in result.stdout
    assert "\x1b" not in result.stdout


async def test_a_reader_that_had_enough_is_no_error(program: Program) -> None:
    await keep(program.home, Talk().add("a", None, "Begin").chain(3_000, "a").session)
    process = await program.start("tree", "--all")
    assert process.stdout is not None
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined]
    assert process.stderr is not None
    assert await process.stderr.read() == b""
    assert await asyncio.wait_for(process.wait(), 60) == 141


async def test_a_full_disk_is_a_failure_in_words(program: Program) -> None:
    await keep(program.home, fork())
    with open("/dev/full", "wb") as full:
        for arguments in (("tree",), ("show", "@"), ("show", "@", "--raw")):
            process = await program.start(*arguments, stdout=full.fileno())
            assert process.stderr is not None
            assert await process.stderr.read() == (
                b"The output cannot be written: No space left on device.\n"
            )
            assert await process.wait() == 1


async def test_a_session_in_the_trash_is_not_found_by_title_nor_its_messages_by_id(
    program: Program,
) -> None:
    session = fork()
    await keep(program.home, session, Talk("Other", "0712" * 8).add("1", None, "Hm").session)
    async with opened(program.home) as store:
        await store.delete(session.id, AT)
    assert (await program.run("tree", "raft")).code == 2
    result = await program.run("show", "aaaa")
    assert (result.code, result.stdout) == (2, "")
    assert "No message of any session has an id that begins with 'aaaa'." in result.stderr
