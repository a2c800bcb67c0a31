from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.param_words import (
    MOST_STOPS,
    PARAMETERS,
    in_words,
    parameter,
    read_stops,
    read_value,
    short_words,
    unset,
)
from conduit_tui.core.params import SAMPLING, Params


def test_there_are_words_for_every_setting_in_its_order() -> None:
    assert tuple(each.name for each in PARAMETERS) == SAMPLING


@pytest.mark.parametrize("known", PARAMETERS, ids=lambda each: each.name)
def test_what_is_offered_can_be_read(known) -> None:
    for example in known.examples:
        assert read_value(known.name, example)[0] == known.name


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.2", 0.2),
        ("temp", " 2 ", 2.0),
        ("top-p", "1", 1.0),
        ("max_tokens", "4k", 4000),
        ("MAX", "8_000", 8000),
        ("max_tokens", "16,384", 16384),
        ("effort", "HIGH", "high"),
        ("reasoning_effort", "none", "none"),
        ("budget", "0", 0),
        ("seed", "-3", -3),
        ("search", "on", True),
        ("search", "off", False),
        ("temperature", "off", None),
        ("effort", "default", None),
        ("stop", "END ", ("END",)),
    ],
)
def test_values_are_read_as_people_write_them(name, text, value) -> None:
    assert read_value(name, text) == (parameter(name).name, value)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("temperature", "2.1", "temperature must be a number from 0 to 2, not '2.1'."),
        ("temperature", "nan", "a number from 0 to 2"),
        ("temperature", "warm", "not 'warm'"),
        ("top_p", "-0.1", "top_p must be a number from 0 to 1"),
        ("max_tokens", "0", "a whole number from 1 to 10,000,000, such as 4096 or 4k"),
        ("max_tokens", "1.5", "a whole number"),
        ("max_tokens", "٣", "a whole number"),
        ("thinking_tokens", "11m", "a whole number from 0"),
        ("effort", "hihg", "effort must be none, minimal, low, medium, high, xhigh or max"),
        ("seed", "1" * 5000, "a whole number such as 42"),
        ("search", "maybe", "search must be on or off"),
    ],
)
def test_what_is_not_allowed_is_told_with_what_is(name, text, words) -> None:
    with pytest.raises(SettingsError, match=r".") as caught:
        read_value(name, text)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 160


def test_a_model_may_know_efforts_of_its_own() -> None:
    assert read_value("effort", "Ultra", ["ultra"]) == ("effort", "ultra")
    assert read_value("effort", "off", ["off", "on"]) == ("effort", "off")


def test_a_name_that_is_none_is_told_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"'temprature' is no parameter\. Did you mean temper"):
        parameter("temprature")
    with pytest.raises(SettingsError, match=r"'zzz' is no parameter\. There are temperature, "):
        parameter("zzz")


def test_stops_come_once_and_not_without_end() -> None:
    assert read_stops(["a", "b", "a"]) == ("a", "b")
    with pytest.raises(SettingsError, match="at least one character"):
        read_stops(["a", ""])
    with pytest.raises(SettingsError, match=f"at most {MOST_STOPS}"):
        read_stops(map(str, range(MOST_STOPS + 1)))


@given(name=st.sampled_from(SAMPLING), text=st.text(max_size=40))
def test_any_text_is_a_value_or_words(name, text) -> None:
    with suppress(SettingsError):  # anything else would be a mistake
        _, value = read_value(name, text)
        assert Params().changed({name: value}).sampling() in ({}, {name: value})


@given(st.floats(0, 2), st.integers(1, 10_000_000), st.integers(-(2**63), 2**63 - 1))
def test_values_are_read_back_from_their_words(temperature, max_tokens, seed) -> None:
    for name, value in (("max_tokens", max_tokens), ("seed", max(seed, -(2**63) + 1))):
        assert read_value(name, in_words(value)) == (name, value)
    read = read_value("temperature", in_words(temperature))[1]
    assert read == pytest.approx(temperature, abs=1e-9)


def test_what_is_set_is_said_in_a_word_or_two() -> None:
    chosen = Params(temperature=0.0, stop=("a\n", 'b"'), thinking_tokens=0, search=True)
    assert short_words(chosen) == ("temp 0", 'stop "a\\n" "b\\""', "think 0", "search")
    assert short_words(Params(system_prompt="x", tools=("y",))) == ()


@pytest.mark.parametrize("name", SAMPLING)
def test_a_setting_can_be_left_to_the_provider(name) -> None:
    assert read_value(name, "off") == (name, unset(name))
    assert Params().changed({name: unset(name)}) == Params()
