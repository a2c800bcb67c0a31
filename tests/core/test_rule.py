"""Rules about what tools may do, and the patterns in them."""

import re
import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conduit_tui.core.consent import Act
from conduit_tui.core.rule import (
    LONGEST_MATCHED,
    MOST_PATTERN,
    Rule,
    Verdict,
    fits,
    has_wildcards,
    literal,
    parse_rule,
    verdict,
)

SMALL = st.text(alphabet="ab/*\\\n)(", max_size=8)
READ = Act("file_read", "read", "/home/ann/notes/a.txt")


def reference(pattern: str, subject: str) -> bool:
    """The same by Python's own expressions, piece by piece."""
    written, at = "", 0
    while at < len(pattern):
        if pattern.startswith(("\\*", "\\\\"), at):
            written += re.escape(pattern[at + 1])
            at += 2
        elif pattern.startswith("**", at):
            written += ".*"
            at += 2
        elif pattern[at] == "*":
            written += "[^/]*"
            at += 1
        else:
            written += re.escape(pattern[at])
            at += 1
    return re.fullmatch(written, subject, re.DOTALL) is not None


@given(SMALL, SMALL)
@example("**a", "a\na")
@example("*/", "//")
@example("***", "/")
@example("\\", "\\")
@example("\\**", "*b")
def test_a_pattern_fits_what_it_says_and_nothing_else(pattern: str, subject: str) -> None:
    assert fits(pattern, subject) is reference(pattern, subject)


@given(st.text(max_size=30) | SMALL, st.text(max_size=30) | SMALL)
def test_the_pattern_of_a_text_fits_that_text_alone(text: str, other: str) -> None:
    assert fits(literal(text), text)
    assert not has_wildcards(literal(text))
    assert fits(literal(text), other) is (text == other)
    assert Rule("allow", "t", literal(text) or "x").fits(Act("t", "run", text or "x"))


@given(SMALL.filter(bool), SMALL)
def test_a_rule_and_its_pattern_agree(pattern: str, subject: str) -> None:
    assert Rule("allow", "t", pattern).fits(Act("t", "read", subject)) is fits(pattern, subject)


@given(SMALL.filter(bool), SMALL)
@example("a*", "a/b")
def test_of_a_command_one_star_says_what_two_say(pattern: str, subject: str) -> None:
    doubled = re.sub(r"(\\[\\*])|\*+", lambda found: found[1] or "**", pattern)
    assert Rule("ask", "t", pattern).fits(Act("t", "run", subject)) is fits(doubled, subject)


@given(st.text(min_size=1, max_size=50), st.sampled_from(("file_read", "*", "a-b_C9")))
def test_a_rule_is_read_as_it_is_written(pattern: str, tool: str) -> None:
    rule = Rule("ask", tool, pattern, "flag")
    assert parse_rule(str(rule), "ask", "flag") == rule


@pytest.mark.parametrize(
    ("text", "tool", "pattern"),
    [
        ("file_read", "file_read", "**"),
        ("  file_read  ", "file_read", "**"),
        ("*", "*", "**"),
        ("run_shell(echo (a) b))", "run_shell", "echo (a) b)"),
        ("run_shell( ls )", "run_shell", " ls "),
        ("run_shell(a\nb)", "run_shell", "a\nb"),
    ],
)
def test_what_stands_between_the_outer_parentheses_is_the_pattern(
    text: str, tool: str, pattern: str
) -> None:
    assert parse_rule(text, "deny") == Rule("deny", tool, pattern)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "file_read()",  # everything, or nothing? it is not guessed
        "file read",
        "file_read(",
        "file_read)",
        "file_read(a) b",
        "x" * 65,
        "f\u00fcr",
        "**",
        "fetch*(a)",
        f"run_shell({'a' * MOST_PATTERN})",
    ],
)
def test_what_is_no_rule_is_none(text: str) -> None:
    assert parse_rule(text, "allow") is None


@pytest.mark.parametrize(
    ("pattern", "subject", "is_fit"),
    [
        ("/home/ann/*", "/home/ann/a.txt", True),
        ("/home/ann/*", "/home/ann/b/a.txt", False),
        ("/home/ann/**", "/home/ann/b/a.txt", True),
        ("/home/ann/**", "/home/anna", False),
        ("git status", "git status", True),
        ("git status", "git status\nrm -rf x", False),
        ("git *", "git log\nrm -rf x", True),  # a line break is a character like any other
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("caf\u00e9", "cafe\u0301", False),
        ("ab", "AB", False),
    ],
)
def test_stars_and_letters(pattern: str, subject: str, is_fit: bool) -> None:
    assert fits(pattern, subject) is is_fit


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        ("*a" * (MOST_PATTERN // 2), "a" * LONGEST_MATCHED),
        ("**a" * (MOST_PATTERN // 3) + "b", "a" * LONGEST_MATCHED),
        ("*" * MOST_PATTERN + "b", "a" * LONGEST_MATCHED),
        ("a" * MOST_PATTERN + "**b", "a" * LONGEST_MATCHED),
        ("**" + "ab" * (MOST_PATTERN // 3) + "**", "ab" * (LONGEST_MATCHED // 2)),
    ],
)
def test_no_pattern_and_no_subject_takes_long(pattern: str, subject: str) -> None:
    began = time.process_time()
    fits(pattern, subject)
    assert time.process_time() - began < 1


def test_deny_goes_before_ask_and_ask_before_allow() -> None:
    def said(*verdicts: Verdict) -> Verdict:
        return verdict([Rule(each, "file_read") for each in verdicts], READ)

    assert said("allow", "ask", "deny") == said("deny", "allow") == said("ask", "deny") == "deny"
    assert said("allow", "ask") == said("ask", "allow") == "ask"
    assert said("allow") == "allow"


@given(
    st.lists(
        st.builds(
            Rule,
            st.sampled_from(("deny", "ask", "allow")),
            st.sampled_from(("t", "u", "*")),
            SMALL.filter(bool),
        ),
        max_size=5,
    ),
    st.builds(
        Act,
        st.just("t"),
        st.sampled_from(("none", "read", "write", "run", "network")),
        SMALL,
        is_inside=st.booleans(),
        always_asks=st.booleans(),
        literal=st.booleans(),
    ),
)
def test_the_strictest_rule_that_fits_decides(rules: list[Rule], act: Act) -> None:
    said = verdict(rules, act)
    fitting = [rule.verdict for rule in rules if rule.fits(act)]
    assert said == verdict(reversed(rules), act)
    assert (said == "deny") is ("deny" in fitting)
    if said == "allow":
        assert not act.always_asks
        assert "ask" not in fitting
        usual = act.effect == "none" or (act.effect == "read" and act.is_inside)
        assert usual or "allow" in fitting


@pytest.mark.parametrize(
    ("act", "usual"),
    [
        (Act("t", "none", ""), "allow"),
        (Act("t", "read", "/a", is_inside=True), "allow"),
        (Act("t", "read", "/a"), "ask"),
        (Act("t", "write", "/a", is_inside=True), "ask"),
        (Act("t", "run", "ls", is_inside=True), "ask"),
        (Act("t", "network", "https://a.example/"), "ask"),
        (Act("t", "none", "", always_asks=True), "ask"),
    ],
)
def test_without_a_rule_only_looking_inside_is_allowed(act: Act, usual: Verdict) -> None:
    assert verdict((), act) == usual
    assert verdict([Rule("allow", "another")], act) == usual


def test_a_rule_of_every_tool_speaks_of_each() -> None:
    assert verdict([Rule("deny", "*")], READ) == "deny"
    assert verdict([Rule("deny", "*", "/home/ann/**")], READ) == "deny"
    assert verdict([Rule("deny", "*", "/root/**")], replace(READ, is_inside=True)) == "allow"


def test_what_always_asks_is_allowed_by_no_rule_and_denied_by_one() -> None:
    act = replace(READ, always_asks=True)
    assert verdict([Rule("allow", "file_read"), Rule("allow", "*")], act) == "ask"
    assert verdict([Rule("allow", "file_read"), Rule("deny", "file_read")], act) == "deny"


def test_a_star_in_a_command_goes_past_slashes_but_in_no_path() -> None:
    rules = [Rule("allow", "t", "git log*")]
    assert verdict(rules, Act("t", "run", "git log --oneline src/a.py")) == "allow"
    assert verdict(rules, Act("t", "run", "git log a/b; rm c", literal=True)) == "ask"
    assert verdict(rules, Act("t", "write", "git log a/b")) == "ask"
    assert verdict([Rule("deny", "t", "rm *")], Act("t", "run", "rm -rf /home")) == "deny"


def test_of_what_is_literal_wildcards_allow_nothing_but_forbid_it() -> None:
    act = Act("run_shell", "run", "git log; rm x", literal=True)
    assert verdict([Rule("allow", "run_shell", "git *")], act) == "ask"
    assert verdict([Rule("allow", "run_shell", "git log; rm x")], act) == "allow"
    assert verdict([Rule("allow", "run_shell")], act) == "allow"
    assert verdict([Rule("allow", "run_shell"), Rule("deny", "run_shell", "**rm**")], act) == "deny"
    starred = Act("run_shell", "run", "rm a*", literal=True)
    assert verdict([Rule("allow", "run_shell", literal("rm a*"))], starred) == "allow"
    assert verdict([Rule("allow", "run_shell", "rm a*")], starred) == "ask"


def test_what_is_too_long_to_be_looked_at_is_not_allowed_by_a_pattern() -> None:
    long = Act("run_shell", "run", "git " + "x" * LONGEST_MATCHED)
    assert verdict([Rule("allow", "run_shell", "git **")], long) == "ask"
    assert verdict([Rule("allow", "run_shell"), Rule("ask", "run_shell", "rm **")], long) == "ask"
    assert verdict([Rule("allow", "run_shell"), Rule("deny", "run_shell", "rm **")], long) == "deny"
    assert verdict([Rule("allow", "run_shell", literal(long.subject))], long) == "allow"
    assert verdict([Rule("allow", "run_shell")], long) == "allow"


@pytest.mark.parametrize(
    ("pattern", "is_whole"),
    [("**", True), ("****", True), ("***", True), ("*", False), ("**/", False), ("\\*\\*", False)],
)
def test_only_a_pattern_of_stars_is_of_the_whole_tool(pattern: str, is_whole: bool) -> None:
    assert Rule("allow", "t", pattern).is_of_whole_tool is is_whole


def test_what_follows_something_permitted_needs_no_answer_but_may_be_denied_or_asked_for() -> None:
    act = Act("fetch_url", "network", "https://a.example/private/x", follows=True)
    assert verdict([], act) == "allow"
    assert verdict([Rule("deny", "fetch_url", "https://a.example/private/**")], act) == "deny"
    assert verdict([Rule("ask", "fetch_url", "https://a.example/private/**")], act) == "ask"
    assert verdict([], replace(act, always_asks=True)) == "ask"
