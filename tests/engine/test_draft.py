"""A stream of events becomes one message."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    ReplayStarted,
    StreamEvent,
    StructuredReceived,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    Unknown,
)
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.engine.draft import Draft
from tests.conftest import AT


def draft_of(*events: StreamEvent) -> Draft:
    draft = Draft("m2", "s1", "m1", "openai", "gpt-5", Params(temperature=0.5), AT)
    for event in events:
        draft.feed(event)
    return draft


def parts_of(*events: StreamEvent) -> tuple[Part, ...]:
    return sealed(*events).parts


def sealed(*events: StreamEvent) -> Message:
    return draft_of(*events).seal("complete", AT)


def test_a_whole_stream_becomes_a_whole_message() -> None:
    draft = draft_of(
        ThinkingDelta("Let me "),
        ThinkingDelta("see."),
        TextDelta("It is "),
        TextDelta("noon."),
        UsageReported(Usage(10, 2)),
        GenerationStopped("end_turn"),
        UsageReported(Usage(10, 7)),
    )
    assert draft.is_complete
    ended_at = AT + timedelta(seconds=3)
    assert draft.seal("complete", ended_at, duration_seconds=3.0) == Message(
        id="m2",
        session_id="s1",
        predecessor_id="m1",
        role="assistant",
        parts=(Thinking("Let me see."), Text("It is noon.")),
        created_at=ended_at,
        provider="openai",
        model="gpt-5",
        params=Params(temperature=0.5),
        usage=Usage(10, 7),
        duration_seconds=3.0,
        stop="end_turn",
        status="complete",
    )


def test_an_empty_stream_is_an_empty_message_that_is_not_complete() -> None:
    draft = draft_of()
    assert not draft.is_complete
    message = draft.seal("interrupted", AT, error="cut")
    assert (message.parts, message.stop, message.status, message.error, message.usage) == (
        (),
        None,
        "interrupted",
        "cut",
        None,
    )


def test_thinking_and_text_that_take_turns_stay_in_order() -> None:
    assert parts_of(
        ThinkingDelta("a"), TextDelta("b"), ThinkingDelta("c"), TextDelta("d"), TextDelta("e")
    ) == (Thinking("a"), Text("b"), Thinking("c"), Text("de"))


def test_empty_deltas_make_no_parts() -> None:
    assert parts_of(TextDelta(""), ThinkingDelta(""), TextDelta("")) == ()
    assert parts_of(TextDelta("a"), ThinkingDelta(""), TextDelta("b")) == (Text("ab"),)


def test_what_a_vendor_wants_back_stays_with_its_part() -> None:
    signature = {"signature": "abc"}
    assert parts_of(ThinkingDelta("hm"), ThinkingDelta("", signature), TextDelta("x")) == (
        Thinking("hm", signature),
        Text("x"),
    )
    assert parts_of(ThinkingDelta("", signature)) == (Thinking("", signature),)
    call = ToolCallDelta(0, "c1", "now", "{}", {"thought": "sig"})
    assert parts_of(call, ToolCallDelta(0, "", "", "")) == (
        ToolCall("c1", "now", "{}", {"thought": "sig"}),
    )


def test_what_a_vendor_wants_back_ends_its_part() -> None:
    assert parts_of(
        ThinkingDelta("a"),
        ThinkingDelta("", {"signature": "1"}),
        ThinkingDelta("", {"redacted": "x"}),
        ThinkingDelta("b"),
        ThinkingDelta("c", {"signature": "2"}),
        TextDelta("d"),
    ) == (
        Thinking("a", {"signature": "1"}),
        Thinking("", {"redacted": "x"}),
        Thinking("bc", {"signature": "2"}),
        Text("d"),
    )


def test_unknown_parts_keep_their_place() -> None:
    search = Unknown({"type": "web_search"})
    assert parts_of(TextDelta("a"), UnknownReceived(search), TextDelta("b")) == (
        Text("a"),
        search,
        Text("b"),
    )


def test_the_last_value_is_the_value_and_stands_for_the_words_it_was_read_from() -> None:
    first, last = Structured("person", {"name": "A"}), Structured("person", {"name": "Ada"})
    thought = ThinkingDelta("hm", {"wire": "signature"})
    assert parts_of(
        thought, TextDelta('{"name": '), StructuredReceived(first), StructuredReceived(last)
    ) == (Thinking("hm"), last)


def test_half_a_value_is_shown_but_the_words_it_came_in_are_kept() -> None:
    half = Structured("person", {"name": "A"})
    draft = draft_of(TextDelta('{"name": "A'), StructuredReceived(half, is_final=False))
    assert draft.parts() == (half,)
    assert draft.seal("interrupted", AT).parts == (Text('{"name": "A'),)


def test_a_replay_says_so_in_the_message() -> None:
    message = sealed(ReplayStarted(AT), TextDelta("a"), GenerationStopped("end_turn"))
    assert message.provider_data == {"replay_of": AT.isoformat()}


def test_a_reply_of_which_only_a_part_was_given_again_is_no_replay() -> None:
    used = UsageReported(Usage(1, 2))
    for events in ((ReplayStarted(AT), used), (used, ReplayStarted(AT))):
        assert sealed(*events, GenerationStopped("end_turn")).replay_of is None


def test_a_call_is_put_together_from_fragments() -> None:
    assert parts_of(
        TextDelta("I look."),
        ToolCallDelta(0, "c1", "now", ""),
        ToolCallDelta(0, "", "", '{"zone": '),
        ToolCallDelta(0, "", "", '"Oslo"}'),
    ) == (Text("I look."), ToolCall("c1", "now", '{"zone": "Oslo"}'))


def test_parallel_calls_grow_by_their_index() -> None:
    assert parts_of(
        ToolCallDelta(1, "c2", "then", '{"a'),
        ToolCallDelta(0, "c1", "now", "{"),
        ToolCallDelta(1, "", "", '": 2}'),
        ToolCallDelta(0, "", "", "}"),
    ) == (ToolCall("c2", "then", '{"a": 2}'), ToolCall("c1", "now", "{}"))


def test_text_between_calls_stays_between_them() -> None:
    assert parts_of(
        ToolCallDelta(0, "c1", "now", "{"),
        TextDelta("and"),
        ToolCallDelta(0, "", "", "}"),
        ToolCallDelta(1, "c2", "then", "{}"),
    ) == (ToolCall("c1", "now", "{}"), Text("and"), ToolCall("c2", "then", "{}"))


def test_calls_without_an_id_or_with_the_same_one_get_ids_of_their_own() -> None:
    message = sealed(
        ToolCallDelta(0, "", "now", "{}"),
        ToolCallDelta(1, "", "now", "{}"),
        ToolCallDelta(2, "same", "now", "{}"),
        ToolCallDelta(3, "same", "now", "{}"),
    )
    call_ids = [call.call_id for call in message.tool_calls]
    assert len(set(call_ids)) == 4
    assert all(call_ids)
    assert call_ids[2] == "same"


def test_sealing_twice_gives_the_same_call_ids() -> None:
    draft = draft_of(ToolCallDelta(0, "", "now", "{}"))
    assert draft.seal("complete", AT) == draft.seal("complete", AT)


def test_files_stand_where_they_came_and_citations_at_the_end() -> None:
    picture = Attachment("image/png", b"png", "a.png")
    assert parts_of(
        TextDelta("a"),
        CitationsReceived((Citation("http://old"),)),
        AttachmentReceived(picture),
        TextDelta("b"),
        CitationsReceived((Citation("http://x"), Citation("http://y"))),
    ) == (Text("a"), picture, Text("b"), Citation("http://x"), Citation("http://y"))


def test_the_parts_can_be_watched_while_they_grow() -> None:
    draft = draft_of(TextDelta("a"))
    assert draft.parts() == (Text("a"),)
    draft.feed(TextDelta("b"))
    draft.feed(ToolCallDelta(0, "c1", "now", '{"zo'))
    assert draft.parts() == (Text("ab"), ToolCall("c1", "now", '{"zo'))


def test_a_long_reply_in_single_characters_is_joined_once() -> None:
    text = "lorem ipsum " * 10_000
    assert parts_of(*(TextDelta(character) for character in text)) == (Text(text),)


EVENTS = st.lists(
    st.one_of(
        st.builds(TextDelta, st.text(max_size=8)),
        st.builds(ThinkingDelta, st.text(max_size=8)),
        st.builds(
            ToolCallDelta,
            st.integers(0, 2),
            st.sampled_from(["", "c1", "c2"]),
            st.sampled_from(["", "now"]),
            st.text(max_size=6),
        ),
        st.builds(UsageReported, st.builds(Usage, st.integers(0, 9))),
    ),
    max_size=12,
)


def split(event: StreamEvent, at: int) -> list[StreamEvent]:
    match event:
        case TextDelta(text):
            return [TextDelta(text[:at]), TextDelta(text[at:])]
        case ThinkingDelta(text):
            return [ThinkingDelta(text[:at]), ThinkingDelta(text[at:])]
        case ToolCallDelta(index, call_id, name, arguments):
            first = ToolCallDelta(index, call_id, name, arguments[:at])
            return [first, ToolCallDelta(index, "", "", arguments[at:])]
        case _:
            return [event, event]


@given(EVENTS, st.integers(0, 8))
def test_it_does_not_matter_how_a_server_cuts_its_deltas(
    events: list[StreamEvent], at: int
) -> None:
    pieces = [piece for event in events for piece in split(event, at)]
    assert sealed(*pieces) == sealed(*events)


@given(EVENTS)
def test_no_text_is_lost_or_made_up(events: list[StreamEvent]) -> None:
    message = sealed(*events)
    assert message.text == "".join(e.text for e in events if isinstance(e, TextDelta))
    assert message.thinking == "".join(e.text for e in events if isinstance(e, ThinkingDelta))
