"""What changes the key of a request, and what does not."""

from dataclasses import replace

import pytest

from conduit_tui.core.endpoint import Secret
from conduit_tui.core.message import REPLAY_OF, Attachment, Thinking, ToolCall, ToolResult
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.request_key import request_key
from tests.providers.asking import CLOCK, assistant, endpoint, message, request, user

PICTURE = Attachment("image/png", b"\x89PNG one", "a.png")


def key(*parts, at=None, **params) -> str:
    return request_key(request(*parts, **params), at or endpoint())


def test_the_same_conversation_with_other_ids_has_the_same_key() -> None:
    said = (user("hi"), assistant("Hello."), user("and?"))
    again = (user("hi"), assistant("Hello."), user("and?"))
    assert said[0].id != again[0].id
    assert key(*said) == key(*again)


@pytest.mark.parametrize(
    "other",
    [
        request(user("hi!")),
        request(user("hi"), assistant("Hello.")),
        request(assistant("hi")),
        request(user("hi", PICTURE)),
        request(user("hi"), temperature=0.0),
        request(user("hi"), system_prompt="Be kind."),
        request(user("hi"), stop=("END",)),
        request(user("hi"), search=True),
        replace(request(user("hi")), model="other"),
        replace(request(user("hi")), tools=(CLOCK,)),
    ],
)
def test_everything_that_is_sent_changes_the_key(other) -> None:
    assert request_key(other, endpoint()) != key(user("hi"))


def test_a_file_that_is_left_out_is_another_question() -> None:
    asked = request(user("hi", PICTURE))
    blind = replace(asked, facts=ModelFacts(asked.model, lacks=frozenset({"vision"})))
    assert request_key(blind, endpoint()) != request_key(asked, endpoint())


def test_bytes_and_vendors_own_data_change_the_key() -> None:
    pictures = [user("hi", replace(PICTURE, data=data)) for data in (b"one", b"two")]
    signed = [user("hi"), assistant(Thinking("hm", {"anthropic": {"signature": "x"}}))]
    other = [user("hi"), assistant(Thinking("hm", {"anthropic": {"signature": "y"}}))]
    keys = {key(pictures[0]), key(pictures[1]), key(*signed), key(*other)}
    assert len(keys) == 4


def test_tool_calls_and_their_results_change_the_key() -> None:
    call = assistant(ToolCall("c1", "current_time", "{}"))
    noon, later = (message("tool", ToolResult("c1", time)) for time in ("12:00", "12:01"))
    assert key(user("when?"), call, noon) != key(user("when?"), call, later)


def test_another_server_has_other_replies_and_another_key_of_ones_own_the_same() -> None:
    here = endpoint("http://localhost:1/v1")
    assert key(at=here) != key(at=endpoint("http://localhost:2/v1"))
    assert key(at=here) != key(at=replace(here, name="other"))
    assert key(at=here) != key(at=replace(here, quirks={"seed_field": "random_seed"}))
    assert key(at=here) == key(at=replace(here, api_key=Secret("sk-other"), idle_seconds=9))


def test_what_is_known_of_the_model_and_how_a_reply_came_do_not_matter() -> None:
    asked = request(user("hi"), assistant("Hello."), user("and?"))
    known = replace(asked, facts=ModelFacts("m", context_window=9), may_reuse=False)
    first, reply, last = asked.messages
    replayed = replace(reply, provider_data={REPLAY_OF: "2026-11-22T12:00:00+00:00"})
    again = replace(asked, messages=(first, replayed, last))
    assert len({request_key(each, endpoint()) for each in (asked, known, again)}) == 1


def test_a_lone_surrogate_has_a_key() -> None:
    assert key(user("\ud800")) != key(user("\ud801"))


def test_a_text_is_told_from_the_parts_it_could_be_cut_into() -> None:
    assert key(user("ab")) != key(user("a", "b"))
    assert key(stop=("a", "b")) != key(stop=("ab",))
