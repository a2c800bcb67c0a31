"""The rules of `abilities.toml`: what a model can do and refuses, by its vendor and name."""

import tomllib
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, cast

from conduit_tui.core.model_facts import Ability, ModelFacts, ThinkingStyle

FAMILIES = "families"


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns of names, and what holds for a model whose name fits one of them."""

    patterns: tuple[str, ...]
    facts: ModelFacts

    def fits(self, model: str) -> bool:
        """Whether a name in small letters fits."""
        return any(fnmatchcase(model, pattern) for pattern in self.patterns)


@lru_cache(maxsize=4096)
def known_abilities(provider: str, model: str) -> ModelFacts:
    """What the table says of a model of a provider; of others than vendors, what its family can do.

    The first use reads the file (a few milliseconds).
    """
    rules = rules_by_vendor()
    name = model.lower().removeprefix("models/")
    vendor = next((rule for rule in rules.get(provider, ()) if rule.fits(name)), None)
    if vendor is not None:
        return replace(vendor.facts, name=model)
    family = next((rule for rule in rules[FAMILIES] if rule.fits(name)), None)
    return ModelFacts(model) if family is None else replace(family.facts, name=model)


@cache
def rules_by_vendor() -> dict[str, tuple[Rule, ...]]:
    """Every vendor's rules, in the order of the file."""
    text = files("conduit_tui.catalog").joinpath("abilities.toml").read_text("utf-8")
    return {vendor: tuple(map(_rule, rules)) for vendor, rules in tomllib.loads(text).items()}


def _rule(fields: dict[str, Any]) -> Rule:
    # the file is ours, and a test reads every rule
    def words(name: str) -> tuple[str, ...]:
        return tuple(str(fields.get(name, "")).split())

    facts = ModelFacts(
        "",
        max_output_tokens=fields.get("max_output"),
        has=frozenset(cast("tuple[Ability, ...]", words("has"))),
        lacks=frozenset(cast("tuple[Ability, ...]", words("lacks"))),
        refuses=frozenset(words("refuses")),
        efforts=words("efforts"),
        thinking=cast("ThinkingStyle", fields.get("thinking", "")),
    )
    return Rule(words("match"), facts)
