"""Models out of what servers answer when asked for them."""

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.shapes import as_list, as_object, as_text


def listed_models(listed: Json) -> tuple[ModelFacts, ...]:
    """Return the models in `{"data": [{"id"}]}`, `{"models": [{"name"}]}` or a list, once each.

    Google puts `models/` in front; requests go without it.
    """
    holder = as_object(listed)
    items = as_list(listed) or as_list(holder.get("data")) or as_list(holder.get("models"))
    names = (as_text(item) or _name(as_object(item)) for item in items)
    distinct = dict.fromkeys(name.removeprefix("models/") for name in names if name)
    return tuple(map(ModelFacts, distinct))


def _name(item: dict[str, Json]) -> str:
    return next(filter(None, (as_text(item.get(key)) for key in ("id", "name", "model"))), "")
