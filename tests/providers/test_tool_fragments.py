from typing import Any

from conduit_tui.core.events import ToolCallDelta
from conduit_tui.providers.tool_fragments import ToolFragments


def piece(arguments: Any = "", name: str | None = None, **fields: Any) -> dict[str, Any]:
    return {**fields, "function": {"name": name, "arguments": arguments}}


def assembled(*pieces: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Id, name and arguments of each call, put together as the draft does it."""
    fragments = ToolFragments()
    calls: dict[int, list[str]] = {}
    for one in pieces:
        delta = fragments.place(one)
        call = calls.setdefault(delta.index, ["", "", ""])
        call[0] = delta.call_id or call[0]
        call[1] = delta.name or call[1]
        call[2] += delta.arguments
    return [(call[0], call[1], call[2]) for _, call in sorted(calls.items())]


TWO = [("a", "one", '{"x": 1}'), ("b", "two", '{"y": 2}')]


def test_interleaved_pieces_are_joined_by_index() -> None:
    assert (
        assembled(
            piece('{"x"', "one", index=0, id="a"),
            piece('{"y"', "two", index=1, id="b"),
            piece(": 1}", index=0),
            piece(": 2}", index=1),
        )
        == TWO
    )


def test_a_new_id_at_the_same_index_opens_a_call() -> None:
    assert (
        assembled(
            piece('{"x": 1}', "one", index=0, id="a"),
            piece('{"y"', "two", index=0, id="b"),
            piece(": 2}", index=0, id=""),
        )
        == TWO
    )


def test_without_an_index_pieces_go_to_the_call_opened_last() -> None:
    assert (
        assembled(
            piece('{"x"', "one", id="a"),
            piece(": 1}"),
            piece('{"y": 2}', "two", id="b"),
        )
        == TWO
    )


def test_whole_calls_with_index_0_and_no_id_are_told_apart_by_name() -> None:
    pieces = [piece('{"x": 1}', "one", index=0, id=""), piece('{"y": 2}', "two", index=0, id="")]

    assert assembled(*pieces) == [("", "one", '{"x": 1}'), ("", "two", '{"y": 2}')]


def test_the_same_function_called_twice_without_ids_is_two_calls() -> None:
    assert len(assembled(piece("{}", "one", index=0), piece("{}", "one", index=0))) == 2


def test_id_and_name_repeated_in_each_piece_make_one_call() -> None:
    pieces = [piece(part, "one", index=0, id="a") for part in ('{"x"', ": ", "1}")]

    assert assembled(*pieces) == TWO[:1]


def test_a_name_repeated_without_an_id_makes_one_call() -> None:
    pieces = [piece(part, "one", index=0) for part in ("", '{"x"', ": 1}")]

    assert assembled(*pieces) == [("", "one", '{"x": 1}')]


def test_a_name_repeated_behind_whole_arguments_ends_the_call() -> None:
    pieces = [piece('{"x": 1}', "one", index=0, id="a"), piece("", "one", index=0)]

    assert assembled(*pieces) == TWO[:1]


def test_a_name_repeated_before_further_arguments_begins_a_call() -> None:
    pieces = [piece("{}", "one", index=0), piece("", "one", index=0), piece('{"x": 1}', index=0)]

    assert assembled(*pieces) == [("", "one", "{}"), ("", "one", '{"x": 1}')]


def test_an_id_that_comes_late_is_taken() -> None:
    assert assembled(piece('{"x": 1}', "one", index=0), piece("", index=0, id="a")) == TWO[:1]


def test_arguments_as_an_object_become_text() -> None:
    assert assembled(piece({"x": 1}, "one", index=0, id="a")) == TWO[:1]


def test_what_a_vendor_must_get_back_is_kept() -> None:
    extra = {"google": {"thought_signature": "abc"}}

    delta = ToolFragments().place(piece("{}", "one", index=0, id="a", extra_content=extra))

    assert delta == ToolCallDelta(0, "a", "one", "{}", {"extra_content": extra})


def test_nonsense_is_an_empty_piece() -> None:
    assert ToolFragments().place({"index": "x", "function": 7}) == ToolCallDelta(0, "", "", "")
