from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.param_fit import Fitted, fit, taken
from conduit_tui.core.param_words import parameter
from conduit_tui.core.params import Params

EVERYTHING = Params(
    temperature=0.0,
    top_p=0.9,
    max_tokens=500,
    stop=("END",),
    effort="high",
    thinking_tokens=0,
    seed=0,
    search=True,
)
REASONS = frozenset({"reasoning"})


def test_of_a_model_nothing_is_known_of_everything_is_sent() -> None:
    assert fit(EVERYTHING, ModelFacts("x")) == Fitted(EVERYTHING)


def test_what_a_model_refuses_is_left_out_and_told_together() -> None:
    facts = ModelFacts("claude-x", refuses=frozenset({"temperature", "top_p", "seed"}))
    fitted = fit(Params(temperature=0.0, top_p=1.0, max_tokens=9), facts)
    assert fitted.params == Params(max_tokens=9)
    assert fitted.words == ("claude-x takes no temperature and no top_p; they are left out.",)


def test_what_is_not_set_is_not_told() -> None:
    facts = ModelFacts("x", refuses=frozenset({"temperature"}), lacks=frozenset({"search"}))
    assert fit(Params(top_p=0.5), facts) == Fitted(Params(top_p=0.5))


def test_a_model_that_does_not_reason_gets_neither_effort_nor_budget() -> None:
    facts = ModelFacts("plain", lacks=REASONS)
    fitted = fit(Params(effort="low", thinking_tokens=2000), facts)
    assert fitted.params == Params()
    assert fitted.words == ("plain takes no effort and no thinking_tokens; they are left out.",)


def test_no_thinking_is_what_a_model_that_cannot_does_anyway() -> None:
    assert fit(Params(effort="none"), ModelFacts("plain", lacks=REASONS)) == Fitted(Params())


def test_a_model_that_adapts_to_an_effort_gets_no_budget() -> None:
    facts = ModelFacts("adapts", has=REASONS, thinking="adaptive")
    fitted = fit(Params(effort="low", thinking_tokens=2000), facts)
    assert fitted.params == Params(effort="low")
    assert fitted.words == ("adapts takes no thinking_tokens; it is left out.",)


def test_an_effort_the_model_does_not_know_is_left_out_with_those_it_knows() -> None:
    facts = ModelFacts("x", efforts=("low", "medium", "high"))
    fitted = fit(Params(effort="max"), facts)
    assert fitted.params == Params()
    assert fitted.words == ("x takes low, medium or high as effort, not max; it is left out.",)
    assert fit(Params(effort="low"), facts) == Fitted(Params(effort="low"))


def test_a_limit_above_the_models_own_is_lowered() -> None:
    facts = ModelFacts("x", max_output_tokens=16_384)
    fitted = fit(Params(max_tokens=20_000), facts)
    assert fitted.params == Params(max_tokens=16_384)
    assert fitted.words == ("x writes at most 16,384 tokens; max_tokens is lowered to it.",)
    assert fit(Params(max_tokens=16_384), facts).words == ()


def test_what_the_wire_has_no_field_for_is_told_of_the_server() -> None:
    fitted = fit(Params(search=True, seed=1), ModelFacts("x"), {"search"}, "groq")
    assert fitted == Fitted(Params(seed=1), ("groq takes no search; it is left out.",))


def test_what_is_refused_twice_is_told_once() -> None:
    facts = ModelFacts("x", lacks=frozenset({"search"}))
    assert len(fit(Params(search=True), facts, {"search"}, "groq").words) == 1


def test_what_a_model_takes_is_said_for_each_setting() -> None:
    facts = ModelFacts(
        "x", max_output_tokens=8192, efforts=("low", "high"), refuses=frozenset({"seed"})
    )
    assert taken(parameter("effort"), facts) == "low or high"
    assert taken(parameter("max_tokens"), facts) == "a whole number from 1 to 8,192"
    assert taken(parameter("seed"), facts) == "nothing: x has no such setting"
    assert taken(parameter("search"), facts, {"search"}, "groq") == (
        "nothing: groq has no field for it"
    )
    assert taken(parameter("top_p"), facts) == "a number from 0 to 1"
