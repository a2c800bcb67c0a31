"""Fits sampling settings to a model: what it would refuse is left out, and told, before sending."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.param_words import Parameter, unset
from conduit_tui.core.params import Params


@dataclass(frozen=True, slots=True)
class Fitted:
    """The settings that can be sent; `words` are sentences about what was changed."""

    params: Params
    words: tuple[str, ...] = ()


def fit(
    params: Params, facts: ModelFacts, unsent: Collection[str] = (), server: str = ""
) -> Fitted:
    """Leave out what the model is known to refuse, and what is in `unsent`.

    `unsent` names settings for which the wire to `server` has no field. Where nothing is known
    of a model, everything is sent as it is.
    """
    if params.effort == "none" and facts.can("reasoning") is False:
        params = params.changed({"effort": None})  # it does what was asked for anyway
    chosen = params.sampling()
    refused = [name for name in chosen if _refuses(facts, name)]
    without = [name for name in chosen if name in unsent and name not in refused]
    words = [*_left_out(facts.name, refused), *_left_out(server or facts.name, without)]
    params = params.changed({name: unset(name) for name in (*refused, *without)})
    if params.effort and not _takes_effort(facts, params.effort):
        words.append(
            f"{facts.name} takes {_listed(facts.efforts, 'or')} as effort, "
            f"not {params.effort}; it is left out."
        )
        params = params.changed({"effort": None})
    most = facts.max_output_tokens
    if most and params.max_tokens and params.max_tokens > most:
        words.append(f"{facts.name} writes at most {most:,} tokens; max_tokens is lowered to it.")
        params = params.changed({"max_tokens": most})
    return Fitted(params, tuple(words))


def taken(
    parameter: Parameter, facts: ModelFacts, unsent: Collection[str] = (), server: str = ""
) -> str:
    """What a model takes for a setting, in words that follow "takes"."""
    if _refuses(facts, parameter.name):
        return f"nothing: {facts.name} has no such setting"
    if parameter.name in unsent:
        return f"nothing: {server or facts.name} has no field for it"
    if parameter.name == "effort" and facts.efforts:
        return _listed(facts.efforts, "or")
    if parameter.name == "max_tokens" and facts.max_output_tokens:
        return f"a whole number from 1 to {facts.max_output_tokens:,}"
    return parameter.takes


def _refuses(facts: ModelFacts, name: str) -> bool:
    if name in facts.refuses:
        return True
    match name:
        case "effort":
            return facts.can("reasoning") is False
        case "thinking_tokens":
            return facts.can("reasoning") is False or facts.thinking == "adaptive"
        case "search":
            return facts.can("search") is False
        case _:
            return False


def _takes_effort(facts: ModelFacts, effort: str) -> bool:
    return not facts.efforts or effort in facts.efforts


def _left_out(who: str, names: list[str]) -> Iterator[str]:
    if names:
        they = "it is" if len(names) == 1 else "they are"
        yield f"{who} takes no {_listed(names, 'and no')}; {they} left out."


def _listed(names: Iterable[str], last: str) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *others, end = names
    return f"{', '.join(others)} {last} {end}" if others else end
