from conduit_tui.tui.widgets.completion import (
    CommandHint,
    Token,
    command_offers,
    token_at,
    value_offers,
)


def test_commands_arguments_and_files_are_told_apart_by_what_stands_before_the_cursor():
    assert token_at("/mo") == Token("command", 0, "mo")
    assert token_at("/") == Token("command", 0, "")
    assert token_at("/model ") == Token("argument", 7, "", "model")
    assert token_at("/model open ai") == Token("argument", 7, "open ai", "model")
    assert token_at("look at @src/ma") == Token("file", 8, "src/ma")
    assert token_at("@") == Token("file", 0, "")


def test_what_only_looks_like_a_completion_is_none():
    for text in ("", "hello", "a /model", "me@example.org", "@file done", "/usr/bin", "//"):
        assert token_at(text) is None


def test_a_very_long_line_costs_nothing_and_still_completes_at_its_end():
    assert token_at("/" + "x" * 100_000) is None
    assert token_at("x " * 50_000 + "@rea") == Token("file", 100_000, "rea")


def test_commands_that_begin_with_what_was_typed_come_first():
    hints = [CommandHint("unmodel"), CommandHint("model", "Choose", "[name]")]
    offers = command_offers("mod", hints)
    assert [(offer.value, offer.shown) for offer in offers] == [
        ("model", "/model [name]"),
        ("unmodel", "/unmodel"),
    ]


def test_values_match_anywhere_but_names_that_begin_so_come_first():
    values = ["docs/gpt/x", "my-gpt", "openai/gpt-5", "claude"]
    assert [offer.value for offer in value_offers("GPT", values)] == [
        "openai/gpt-5",
        "my-gpt",
        "docs/gpt/x",
    ]


def test_values_are_shown_clean_and_kept_as_they_are():
    (offer,) = value_offers("", ["a\x1b[31m\n"])
    assert (offer.value, offer.shown) == ("a\x1b[31m\n", "a␛[31m ")


def test_a_million_values_are_not_all_offered():
    assert len(value_offers("", (str(n) for n in range(10_000)))) == 50
