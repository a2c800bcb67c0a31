"""What Ollama says of its models: `/api/tags`, `/api/show` and `/api/ps` of its API.

https://docs.ollama.com/api
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from conduit_tui.core.clean import clean_line
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts
from conduit_tui.providers.shapes import as_count, as_list, as_object, as_text

DEFAULT_NUM_CTX = 4096
"""The context a server gives a model for which nobody asks more, on most machines."""

_ABILITIES: dict[str, Ability] = {
    "vision": "vision",
    "tools": "tools",
    "thinking": "reasoning",
    "audio": "audio",
    "image": "image",
}
_NEVER: frozenset[Ability] = frozenset({"files", "search"})
_EFFORTS_OF_FAMILY = {"gptoss": ("low", "medium", "high")}
_NUM_CTX = re.compile(r"^num_ctx\s+(\d{1,9})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server shows of one model.

    `num_ctx` is the context it gives the model by itself, in tokens. `is_chat` is False for
    models that only embed, or only make images.
    """

    facts: ModelFacts
    num_ctx: int = DEFAULT_NUM_CTX
    is_chat: bool = True

    def without(self, ability: Ability) -> "Shown":
        """The same, of a model that turned out to lack an ability."""
        facts = ModelFacts(self.facts.name, lacks=frozenset({ability})).or_else(self.facts)
        return Shown(facts, self.num_ctx, self.is_chat)


@dataclass(frozen=True, slots=True)
class Installed:
    """A model in the list of those installed.

    `digest` changes when another is pulled; `listed` is what the list itself says of it.
    """

    name: str
    digest: str
    listed: Shown


def installed_models(tags: Json) -> tuple[Installed, ...]:
    """Return the models of an answer of `/api/tags`, each once."""
    listed = map(as_object, as_list(as_object(tags).get("models")))
    found = {each.name: each for each in map(_installed, listed) if each.name}
    return tuple(found.values())


def names_in_memory(running: Json) -> frozenset[str]:
    """Return the names in an answer of `/api/ps`."""
    listed = map(as_object, as_list(as_object(running).get("models")))
    return frozenset(_name(each) for each in listed)


def shown_model(name: str, show: Json) -> Shown:
    """Read an answer of `/api/show`, or what `/api/tags` has; what is left out stays unknown."""
    answer = as_object(show)
    details, info = as_object(answer.get("details")), as_object(answer.get("model_info"))
    capabilities = {as_text(each) for each in as_list(answer.get("capabilities"))} - {""}
    has: frozenset[Ability] = frozenset(
        ours for theirs, ours in _ABILITIES.items() if theirs in capabilities
    )
    # servers before 0.6.4 do not say what a model can do, nor do most lists
    lacks = (frozenset(_ABILITIES.values()) - has) | _NEVER if capabilities else _NEVER
    own = _NUM_CTX.search(as_text(answer.get("parameters")))
    families = _families(details)
    efforts = (_EFFORTS_OF_FAMILY.get(each, ()) for each in sorted(families))
    facts = ModelFacts(
        name,
        context_window=_context_length(info),
        has=has,
        lacks=lacks,
        refuses=frozenset({"effort"}) if "reasoning" in lacks else frozenset(),
        efforts=next(filter(None, efforts), ()),
        note=_note(details, as_text(answer.get("remote_host"))),
    )
    num_ctx = int(own[1]) if own else 0
    return Shown(facts, num_ctx or DEFAULT_NUM_CTX, _can_chat(capabilities, families))


def same_model(one: str, other: str) -> bool:
    """Whether two names mean one model: `qwen3` is `qwen3:latest`."""
    return _tagged(one) == _tagged(other)


def noted(note: str, *, is_in_memory: bool) -> str:
    """The note of a model, with a word more if it is loaded."""
    return ", ".join(filter(None, (note, "in memory" if is_in_memory else "")))


def _installed(listed: dict[str, Json]) -> Installed:
    name = _name(listed)
    return Installed(name, as_text(listed.get("digest")), shown_model(name, listed))


def _name(listed: dict[str, Json]) -> str:
    return as_text(listed.get("model")) or as_text(listed.get("name"))


def _tagged(name: str) -> str:
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _families(details: dict[str, Json]) -> frozenset[str]:
    named = [as_text(details.get("family")), *map(as_text, as_list(details.get("families")))]
    return frozenset(named) - {""}


def _note(details: dict[str, Json], remote_host: str) -> str:
    words = [as_text(details.get(name)) for name in ("parameter_size", "quantization_level")]
    what = " ".join(filter(None, words))
    family = as_text(details.get("family"))
    where = f"runs at {remote_host}" if remote_host else ""
    return clean_line(", ".join(filter(None, (what, family, where))))[:80]


def _context_length(info: dict[str, Json]) -> int | None:
    architecture = as_text(info.get("general.architecture"))
    own = as_count(info.get(f"{architecture}.context_length"))
    any_other = (as_count(value) for key, value in info.items() if key.endswith(".context_length"))
    return own or next(filter(None, any_other), None)


def _can_chat(capabilities: Collection[str], families: Collection[str]) -> bool:
    """By the capabilities where there are any, else by the families."""
    if capabilities:
        return "completion" in capabilities or not {"embedding", "image"} & set(capabilities)
    return not any("bert" in family for family in families)
