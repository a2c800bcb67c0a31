"""A key is used, and never shown."""

import dataclasses
import json
import logging
import traceback

import pytest

from conduit_tui.core.endpoint import Endpoint, EndpointSettings, Secret

KEY = "sk-live-0123456789abcdef"


def every_way_to_show(value: object) -> list[str]:
    return [
        repr(value),
        str(value),
        f"{value}",
        f"{value!r:>40}",
        "{0} {0!s} {0!r}".format(value),  # noqa: UP032  the old way is a way too
        "%s %r" % (value, value),  # noqa: UP031
        repr([value, {"key": value}]),
        json.dumps({"key": value}, default=str),
        json.dumps({"key": value}, default=repr),
    ]


@pytest.mark.parametrize(
    "value",
    [
        Secret(KEY),
        Endpoint("openai", "openai-chat", api_key=Secret(KEY)),
        EndpointSettings(api_key=Secret(KEY)),
        dataclasses.asdict(Endpoint("openai", "openai-chat", api_key=Secret(KEY))),
    ],
    ids=["secret", "endpoint", "settings", "dict"],
)
def test_no_way_of_showing_a_key_shows_it(value: object) -> None:
    shown = every_way_to_show(value)
    assert not [text for text in shown if KEY in text]
    assert all("***" in text for text in shown)


def test_a_format_specification_shows_no_key() -> None:
    with pytest.raises(TypeError) as caught:
        format(Secret(KEY), ">40")
    assert KEY not in str(caught.value)


def test_a_log_shows_no_key(caplog: pytest.LogCaptureFixture) -> None:
    endpoint = Endpoint("openai", "openai-chat", api_key=Secret(KEY))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").warning("built %s with %r", endpoint, endpoint.api_key)
    assert "***" in caplog.text
    assert KEY not in caplog.text


def test_a_traceback_with_local_variables_shows_no_key() -> None:
    def fail(key: Secret) -> None:
        raise ValueError(key)

    try:
        fail(Secret(KEY))
    except ValueError as error:
        shown = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert "***" in shown
    assert KEY not in shown


def test_a_key_can_be_used_and_compared() -> None:
    assert Secret(KEY).reveal() == KEY
    assert Secret(KEY) == Secret(KEY)
    assert Secret(KEY) != Secret("other")
    assert Secret(KEY) != KEY
    assert len({Secret(KEY), Secret(KEY)}) == 1


@pytest.mark.parametrize(
    ("key", "key_optional", "usable"),
    [
        (Secret(KEY), False, True),
        (None, False, False),
        (Secret(""), False, False),
        (None, True, True),
    ],
)
def test_an_endpoint_is_usable_with_a_key_or_where_none_is_needed(
    key: Secret | None, key_optional: bool, usable: bool
) -> None:
    endpoint = Endpoint("x", "openai-chat", api_key=key, key_optional=key_optional)
    assert endpoint.is_usable is usable


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://me:secret@Box:8000/v1", "box:8000"),
        ("", ""),
        ("http://[::1", ""),
    ],
)
def test_the_host_is_told_without_what_opens_it(base_url: str, host: str) -> None:
    assert Endpoint("box", "openai-chat", base_url).host == host
