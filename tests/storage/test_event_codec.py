"""Stream events survive the way into JSON and back."""

import json
from datetime import UTC

import pytest
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
from conduit_tui.core.message import Attachment, Citation, Structured, Unknown
from conduit_tui.storage.event_codec import decode_events, encode_events
from tests.storage.test_codec import jsons, usages, words

attachments = st.builds(Attachment, words, st.binary(max_size=40), words, jsons)
citations = st.lists(st.builds(Citation, words, words, jsons), max_size=3).map(tuple)
events = st.lists(
    st.one_of(
        st.builds(TextDelta, words, jsons),
        st.builds(ThinkingDelta, words, jsons),
        st.builds(ToolCallDelta, st.integers(0, 9), words, words, words, jsons),
        st.builds(AttachmentReceived, attachments),
        st.builds(UnknownReceived, st.builds(Unknown, jsons, jsons)),
        st.builds(StructuredReceived, st.builds(Structured, words, jsons, jsons)),
        st.builds(ReplayStarted, st.datetimes(timezones=st.just(UTC))),
        st.builds(CitationsReceived, citations),
        st.builds(UsageReported, usages),
        st.builds(GenerationStopped, words),
    ),
    max_size=6,
)


@given(events)
def test_every_event_comes_back_equal(given_events: list[StreamEvent]) -> None:
    assert decode_events(encode_events(given_events)) == tuple(given_events)


def test_lone_surrogates_in_deltas_are_replaced() -> None:
    encoded = encode_events([TextDelta("a\ud800"), ToolCallDelta(0, "\udfff", "n", "{}")])
    assert decode_events(encoded) == (
        TextDelta("a\ufffd"),
        ToolCallDelta(0, "\ufffd", "n", "{}"),
    )


def test_events_of_a_later_version_are_left_out() -> None:
    encoded = json.dumps([{"kind": "smell"}, {"kind": "text", "text": "a"}])
    assert decode_events(encoded) == (TextDelta("a"),)


@pytest.mark.parametrize("broken", ["", "{}", "[1]", '[{"kind":"text"}]', "[] []"])
def test_what_is_no_list_of_events_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_events(broken)
