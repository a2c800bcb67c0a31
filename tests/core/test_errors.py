"""The tree of foreseen failures."""

import inspect

import pytest

from conduit_tui.core import errors
from conduit_tui.core.errors import ConduitError, ProviderError, RateLimited, UnknownModel

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


def test_every_failure_is_one_of_ours() -> None:
    assert ALL
    assert all(issubclass(kind, ConduitError) for kind in ALL)


@pytest.mark.parametrize("kind", ALL)
def test_the_text_of_a_failure_is_its_words(kind: type[ConduitError]) -> None:
    assert str(kind("The server is away. Try again.")) == "The server is away. Try again."


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, ProviderError)])
def test_a_server_failure_is_not_tried_again_unless_it_says_so(kind: type[ProviderError]) -> None:
    assert kind("words").can_retry is False
    assert kind("words").status is None


def test_a_failure_keeps_what_a_caller_needs() -> None:
    limited = RateLimited("Slow down.", status=429, retry_after_seconds=7.5, can_retry=True)
    assert (limited.status, limited.retry_after_seconds, limited.can_retry) == (429, 7.5, True)
    assert UnknownModel("words", ("a", "b")).nearest == ("a", "b")
