import pytest

from conduit_tui.tui.widgets.fuzzy import find, fold, letters

TITLES = [
    "Explain Raft to children",
    "Trip to Oslo in May",
    "A draft for the landlord",
    "Python error: borrow checker",
    "Café near the Straße",
    "挪威旅行计划",
    "",
]


def found(query: str) -> list[str]:
    return [TITLES[at] for at in find(query, [fold(title) for title in TITLES])]


def lit(query: str, title: str) -> str:
    places = letters(query, title)
    return "".join(each if at in places else "." for at, each in enumerate(title))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("oslo", "Trip to Oslo in May"),
        ("OSLO trip", "Trip to Oslo in May"),
        ("osl tri", "Trip to Oslo in May"),
        ("tto", "Trip to Oslo in May"),
        ("pbc", "Python error: borrow checker"),
        ("xpln", "Explain Raft to children"),
        ("cafe", "Café near the Straße"),
        ("旅行", "挪威旅行计划"),
        ("pyhton", "Python error: borrow checker"),
        ("landlrod", "A draft for the landlord"),
    ],
)
def test_some_letters_of_a_title_find_it_first(query, first):
    assert found(query)[0] == first


def test_a_start_of_a_word_goes_before_the_middle_of_one():
    assert found("raft") == ["Explain Raft to children", "A draft for the landlord"]


def test_letters_all_over_a_title_mean_nothing():
    assert find("raft", ["garden plan for the north side"]) == []


def test_every_word_has_to_be_there():
    assert found("raft oslo") == []


def test_an_empty_query_finds_all_in_their_order():
    assert found("  ") == TITLES


@pytest.mark.parametrize("query", ["zzzz", "qq", "(", "[bold]", "\x1b[31m", "🦆", "%", "a" * 5000])
def test_what_is_nowhere_finds_nothing_and_breaks_nothing(query):
    assert found(query) == []


def test_the_letters_that_were_found_are_told():
    assert lit("raft chi", "Explain Raft to children") == "........Raft....chi....."
    assert lit("tto", "Trip to Oslo") == "T....t..O..."
    assert lit("STRASSE", "no") == ".."
    assert lit("", "Trip") == "...."


def test_folding_keeps_the_number_of_characters():
    text = "İstanbul Straße ﬁne Ünder 日本 e\u0301"
    assert len(fold(text)) == len(text)
