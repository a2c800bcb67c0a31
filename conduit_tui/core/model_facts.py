"""What is known of a model; everything may be unknown, and says so."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Ability: TypeAlias = Literal["vision", "files", "audio", "reasoning", "tools", "image", "search"]
"""What a model can do: take images, documents or sound, reason, call tools, make images, search."""

ThinkingStyle: TypeAlias = Literal["adaptive", "budget", ""]
"""How a model is asked to think: by an effort it adapts to, by a budget of tokens, or unknown."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Facts of one model, from its server's own list or from tables; None and empty: not known.

    `name` is the vendor's own. Sizes are in tokens. `has` and `lacks` are abilities known either
    way. `refuses` names fields of Params that the model answers with an error; `efforts` are the
    words it takes as `effort`, weakest first. `note` is what its server says of it in a few words,
    such as `7.6B Q4_K_M` of a local model.
    """

    name: str
    context_window: int | None = None
    max_output_tokens: int | None = None
    has: frozenset[Ability] = frozenset()
    lacks: frozenset[Ability] = frozenset()
    refuses: frozenset[str] = frozenset()
    efforts: tuple[str, ...] = ()
    thinking: ThinkingStyle = ""
    title: str = ""
    note: str = ""

    def can(self, ability: Ability) -> bool | None:
        """Whether the model has an ability; None while nobody knows."""
        if ability in self.has:
            return True
        return False if ability in self.lacks else None

    def or_else(self, other: "ModelFacts") -> "ModelFacts":
        """These facts, with what is unknown here taken from `other`."""
        return replace(
            self,
            context_window=self.context_window or other.context_window,
            max_output_tokens=self.max_output_tokens or other.max_output_tokens,
            has=self.has | (other.has - self.lacks),
            lacks=self.lacks | (other.lacks - self.has),
            refuses=self.refuses | other.refuses,
            efforts=self.efforts or other.efforts,
            thinking=self.thinking or other.thinking,
            title=self.title or other.title,
            note=self.note or other.note,
        )
