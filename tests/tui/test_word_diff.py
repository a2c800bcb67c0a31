"""Words of two texts that only one of them has."""

from conduit_tui.tui.word_diff import MOST_WORDS, differing, word_spans


def differing_words(one: str, other: str) -> tuple[list[str], list[str]] | None:
    left, right = ([text[a:b] for a, b in word_spans(text)] for text in (one, other))
    found = differing(left, right)
    if found is None:
        return None
    return [left[at] for at in sorted(found[0])], [right[at] for at in sorted(found[1])]


def test_only_what_differs_is_told() -> None:
    found = differing_words("explain raft in 3 bullets, please", "explain raft to a child, please")
    assert found == (["in", "3", "bullets"], ["to", "a", "child"])


def test_equal_texts_differ_in_nothing() -> None:
    assert differing_words("the same", "the same") == ([], [])
    assert differing_words("", "") == ([], [])


def test_what_was_added_is_on_one_side_only() -> None:
    assert differing_words("a b c d", "a b c d e!") == ([], ["e", "!"])


def test_texts_that_share_little_say_nothing() -> None:
    assert differing_words("one two three four", "five six seven eight nine") is None


def test_words_of_other_scripts_count() -> None:
    found = differing_words("Привет мир и мы", "Привет свет и мы")
    assert found == (["мир"], ["свет"])


def test_words_that_repeat_without_end_do_not_take_for_ever() -> None:
    found = differing(["a", "b"] * 20_000, ["b", "a", "c"] * 20_000)
    assert found is not None
    assert max(found[0] | found[1]) < MOST_WORDS
