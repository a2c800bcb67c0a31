"""Lines with sampling settings: what follows /set, /with and /retry."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.params import SAMPLING
from conduit_tui.tui.param_lines import (
    SetRequest,
    offer_set,
    offer_with,
    read_pairs,
    read_set,
    read_with,
    with_line,
)


@pytest.mark.parametrize(
    ("argument", "request_"),
    [
        ("", SetRequest("list")),
        ("reset", SetRequest("reset")),
        ("temp", SetRequest("show", "temperature")),
        ("temperature 0.2", SetRequest("change", "temperature", {"temperature": 0.2})),
        ("temperature off", SetRequest("change", "temperature", {"temperature": None})),
        ("search on", SetRequest("change", "search", {"search": True})),
        ('stop "END" "###"', SetRequest("change", "stop", {"stop": ("END", "###")})),
        ("stop \\n\\n", SetRequest("change", "stop", {"stop": ("\n\n",)})),
        (r'''stop '\n' "a \" b"''', SetRequest("change", "stop", {"stop": (r"\n", 'a " b')})),
        ("stop off", SetRequest("change", "stop", {"stop": ()})),
        ("seed=7 effort=low", SetRequest("change", "", {"seed": 7, "effort": "low"})),
    ],
)
def test_what_follows_set_is_read(argument, request_) -> None:
    assert read_set(argument) == request_


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("temprature 1", "Did you mean temperature?"),
        ("temperature 0.2 0.3", "temperature takes one value: /set temperature 0.2"),
        ("temperature warm", "a number from 0 to 2"),
        ('stop "END', "A quote is not closed in the value of stop."),
        ("seed=7 and more", "'and more' is no NAME=VALUE"),
        ('seed=7 stop="x', "A quote is not closed in the value of stop."),
    ],
)
def test_what_set_cannot_do_is_told(argument, words) -> None:
    with pytest.raises(SettingsError) as caught:
        read_set(argument)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("argument", "changes", "text"),
    [
        ("temperature=0.9 Explain x = 3", {"temperature": 0.9}, "Explain x = 3"),
        ("temp=1 effort=low\nTwo\n\nlines", {"temperature": 1, "effort": "low"}, "Two\n\nlines"),
        ("seed=1 y=2 solve", {"seed": 1}, "y=2 solve"),
        ("seed=1 -- top_p=1 is what?", {"seed": 1}, "top_p=1 is what?"),
        ('stop="a b" stop=c go', {"stop": ("a b", "c")}, "go"),
        ("seed=1", {"seed": 1}, ""),
        ("hello", {}, "hello"),
    ],
)
def test_values_come_before_the_text(argument, changes, text) -> None:
    assert read_with(argument) == (changes, text)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("x=1 solve", "'x' is no parameter"),
        ("seed=1 temprature=0.9 hi", "Did you mean temperature?"),
        ("temperature=3 hi", "not '3'"),
        ("effort= hi", "effort needs a value: effort=none"),
        ('stop="a b', "A quote is not closed"),
    ],
)
def test_a_value_that_is_wrong_is_not_sent_as_text(argument, words) -> None:
    with pytest.raises(SettingsError) as caught:
        read_with(argument)
    assert words in str(caught.value)


def test_efforts_of_the_models_own_are_read_and_offered() -> None:
    assert read_pairs("effort=ultra", ["ultra"]) == {"effort": "ultra"}
    assert offer_set("effort ", ["ultra"]) == ["effort ultra", "effort off"]
    assert offer_with("effort=", ["ultra"]) == ["effort=ultra", "effort=off"]


def test_names_and_then_values_are_offered() -> None:
    assert offer_set("te") == [*SAMPLING, "reset"]
    assert "temperature 0.3" in offer_set("temperature ")
    assert offer_set("nothing ") == []
    assert "stop=a effort=high" in offer_set("stop=a effort=")
    assert offer_with("seed=1 t")[0] == "seed=1 temperature="
    assert "seed=1 seed=" not in offer_with("seed=1 ")
    assert offer_with("seed=1 search=") == ["seed=1 search=on", "seed=1 search=off"]


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.none() | st.integers(0, 200).map(lambda n: n / 100),
        "max_tokens": st.integers(1, 10_000_000),
        "stop": st.lists(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
            unique=True,
            max_size=3,
        ).map(tuple),
        "effort": st.sampled_from(["none", "low", "max"]),
        "search": st.booleans(),
    },
)


@given(VALUES.filter(bool), st.text(max_size=30) | st.just("seed=1 x") | st.just("-- x"))
@example({"seed": 1}, "\x85seed=1")
def test_a_line_is_read_back_as_the_values_and_text_it_was_made_of(changes, text) -> None:
    line = with_line(changes, text)
    assert read_with(line.removeprefix("/with ")) == (changes, text.lstrip())


@given(st.text("temprau=\"' \\\n0.9-", max_size=40))
def test_any_line_is_values_and_text_or_words(argument) -> None:
    for read in (read_set, read_with):
        try:
            read(argument)
        except SettingsError as error:
            assert len(str(error)) < 200  # noqa: PT017 - either way is right
