"""What Gemini sent goes back as it came: through the decoder, a message, the store, the encoder."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.engine.draft import Draft
from conduit_tui.providers.adapters.google_generate import Decoder, encode
from conduit_tui.storage.codec import decode_parts, encode_parts
from tests.providers.asking import endpoint, user
from tests.servers.google_server import called, content

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SIGNED = {"thoughtSignature": "c2ln"}
TEXTS = st.sampled_from(["", "a", "bc", "🧭", "d\n"])
PARTS = st.one_of(
    st.builds(lambda text: {"text": text}, TEXTS),
    st.builds(lambda text: {"text": text, **SIGNED}, TEXTS),
    st.builds(lambda text: {"text": text, "thought": True}, TEXTS),
    st.builds(lambda text: {"text": text, "thought": True, **SIGNED}, TEXTS),
    st.sampled_from(
        [
            called("f", {"x": [1.5, None]}, "c2ln", "id-1"),
            {"executableCode": {"language": "PYTHON", "code": "1"}, **SIGNED},
            {"inlineData": {"mimeType": "image/png", "data": "eA=="}, **SIGNED},
        ]
    ),
)


def sent_back(parts: list[Any]) -> Any:
    """The parts of a model's message in a request that follows it."""
    draft, decoder = Draft("m", "s", "p", "local", "gemini-3", Params(), NOW), Decoder()
    for chunk in [*(content(part) for part in parts), content(finish="STOP")]:
        for event in decoder.feed(chunk):
            draft.feed(event)
    message = stored(draft.seal("complete", NOW))
    asked = Request("gemini-3", (user("go"), message, user("on")), Params())
    found: Any = encode(asked, endpoint())["contents"]
    return [part for one in found if one["role"] == "model" for part in one["parts"]]


def stored(message: Message) -> Message:
    """The message as it is read from the store."""
    blobs: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        blobs[str(len(blobs))] = data
        return str(len(blobs) - 1)

    return replace(
        message, parts=decode_parts(*encode_parts(message.parts, keep), blobs.__getitem__)
    )


def as_sent(parts: list[Any]) -> list[Any]:
    """What is to come back: text in one piece up to a signature, thoughts only if signed."""
    whole: list[Any] = []
    last = ""
    for part in parts:
        kind = "thought" if part.get("thought") else next(iter(part))
        if "thoughtSignature" in part:
            whole.append(part)
            last = ""
        elif kind == "text" == last:
            whole[-1] = {"text": whole[-1]["text"] + part["text"]}
        elif part["text"]:
            last = kind
            whole += [part] if kind == "text" else []
    return whole


@example(
    parts=[{"text": "a", "thought": True}, {"text": ""}, {"text": "", "thought": True, **SIGNED}]
)
@given(parts=st.lists(PARTS, max_size=7))
def test_parts_go_back_with_their_signatures_in_their_places(parts: list[Any]) -> None:
    assert sent_back(parts) == as_sent(parts)
