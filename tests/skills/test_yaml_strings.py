import re
import time
from itertools import pairwise

import pytest

from conduit_tui.core.errors import SkillError
from conduit_tui.skills.yaml_strings import read_yaml


def test_values_are_strings_whatever_they_look_like():
    text = "a: no\nb: 1.10\nc: 2026-01-01\nd: null\ne:\nf: 0x10\ng: [yes, 1]\nh: {i: off}"
    assert read_yaml(text).value == {
        "a": "no",
        "b": "1.10",
        "c": "2026-01-01",
        "d": "null",
        "e": "",
        "f": "0x10",
        "g": ["yes", "1"],
        "h": {"i": "off"},
    }


def test_texts_over_several_lines_are_folded_or_kept():
    text = "a: >\n  one\n  two\n\n  three\nb: |\n  one\n   two\nc: one\n  two\n"
    assert read_yaml(text).value == {
        "a": "one two\nthree\n",
        "b": "one\n two\n",
        "c": "one two",
    }


def test_a_key_that_stands_twice_is_told_and_the_first_counts():
    read = read_yaml("a: 1\nb: 2\na: 3\na: 4")
    assert read.value == {"a": "1", "b": "2"}
    assert read.doubled == ("a",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x 1\nb: 2", "line 1: tags (!name) and anchors (&name) are not read."),
        ("a: 1\nb: *x", "line 2: aliases (*name) are not read."),
        ("a: !!python/object/apply:os.system [id]", "line 1: tags"),
        ("a: !x 1", "line 1: tags"),
        ("? [a, b]\n: c", "line 1: a key is not plain text."),
        ("a: 1\n---\nb: 2", "line 2: a second document begins."),
        ("a: 1\n\tb: 2", "line 2: a tab stands where blanks belong."),
        ("a: b: c", "line 1: a colon in a value; put the value in quotes."),
        ('a: "open', "line 1: "),
        ("a: \x1b[31m", "a control character stands in the front matter"),
        ("a:\n" + "".join(f"{' ' * depth}a:\n" for depth in range(1, 40)), "more than 8 deep"),
        ("a: [" + "x," * 5_000 + "]", "there is too much of it."),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_line(text: str, words: str):
    with pytest.raises(SkillError, match=re.escape(words)):
        read_yaml(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 65_000,
        "{" * 65_000,
        "- " * 32_000,
        "? " * 32_000,
        "a: " + "[" * 65_000,
        '"a":' * 16_000,
    ],
)
def test_a_bomb_is_left_before_it_goes_off(text: str):
    began = time.process_time()
    with pytest.raises(SkillError):
        read_yaml(text)
    assert time.process_time() - began < 2


def test_an_alias_bomb_is_not_expanded():
    lines = [
        'a: &a ["lol","lol"]',
        *(f"{k}: &{k} [*{j},*{j}]" for j, k in pairwise("abcdefghi")),
    ]
    with pytest.raises(SkillError, match="anchors"):
        read_yaml("\n".join(lines))
