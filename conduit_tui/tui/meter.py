"""How full the model's context will be with what is typed, kept up without delaying a key."""

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.timer import Timer

from conduit_tui.controller.counting import Count
from conduit_tui.core.amounts import short_count
from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Attachment
from conduit_tui.tui.slash import AsMessage, parse

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

TYPED_SECONDS = 0.15
"""How soon what is typed is counted."""
SLICE_SECONDS = 0.004
"""The longest time spent on messages at once; a long path is counted in several."""


class Meter:
    """Counts what would be sent next. `count` is what it knows now, None while it knows nothing."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._key: tuple[object, ...] = ()
        self._before: Count | None = None
        self._typed = 0.0
        self._prepared: set[str] = set()
        self._stored: dict[str, float] | None = None

    def changed(self) -> None:
        """Count what is typed a moment later; typing on does not put it off."""
        if self._timer is None:
            self._timer = self._screen.set_timer(TYPED_SECONDS, self._count_typed)

    def count(self) -> Count | None:
        """The tokens that would be sent next; None for none, or while they are being counted."""
        before = self._before_typed()
        if before is None or not (self._screen.session.leaf_id or self._typed):
            return None
        return before + self._typed

    def window(self) -> int | None:
        """The size of the model's context in tokens, if it is known."""
        provider, _, name = self._model().partition("/")
        return self._screen.controller.models.facts(provider, name).context_window

    def warning(self, text: str, attachments: tuple[Attachment, ...]) -> str:
        """Words about a message that will not fit, or nothing."""
        window, before = self.window(), self._before_typed()
        if window is None or before is None:
            return ""
        model = self._model()
        count = before + self._screen.controller.counting.message(model, text, attachments)
        if count.tokens <= window:
            return ""
        return (
            f"This is about {short_count(count.whole)} tokens, and {model} takes "
            f"{short_count(window)}: it may be refused or cut. F3 chooses a larger model."
        )

    def _model(self) -> str:
        return self._screen.controller.model_of(self._screen.session)

    def _before_typed(self) -> Count | None:
        screen, model = self._screen, self._model()
        counting = screen.controller.counting
        session, above = screen.session, self._above()
        key = (
            *(session.id, above, len(session), session.is_whole, model, counting.tokenizer(model)),
            *(
                screen.controller.system_prompt_of(session),
                screen.controller.tooling.guidance(session),
                screen.controller.tooling.offered(session),
            ),
            counting.ratio(model),
        )
        if key != self._key or self._before is None:
            self._key = key
            sending = screen.controller.sending(session, above)
            self._before = counting.before(sending, SLICE_SECONDS)
            if self._before is None:
                screen.call_later(screen.refresh_status)
        if self._stored is not None and self._stored != counting.ratios:
            self._stored = dict(counting.ratios)
            screen.run_worker(self._store(self._stored), group="tokenizer")
        return self._before

    def _above(self) -> str | None:
        """The message below which the next one comes: that above an edited one while editing."""
        session, editing = self._screen.session, self._screen.composer.editing.message_id
        message = session.get(editing)
        return session.leaf_id if message is None else message.predecessor_id

    def _prepare(self) -> None:
        """Look for the model's own tokenizer; not at the start, where half a second matters."""
        model = self._model()
        if model not in self._prepared:
            self._prepared.add(model)
            self._screen.run_worker(self._load(model), group="tokenizer")

    async def _load(self, model: str) -> None:
        if self._stored is None:
            await self._load_ratios()
        if await self._screen.controller.counting.prepare(model):
            self._count_typed()

    async def _load_ratios(self) -> None:
        ratios = self._screen.controller.counting.ratios
        try:
            stored = await self._screen.controller.shelf.token_ratios()
        except StorageError:  # what was learned earlier is no more than a convenience
            stored = {}
        for key, ratio in stored.items():
            ratios.setdefault(key, ratio)
        self._stored = stored
        self._screen.refresh_status()

    async def _store(self, ratios: dict[str, float]) -> None:
        with suppress(StorageError):
            await self._screen.controller.shelf.keep_token_ratios(ratios)

    def _count_typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._prepare()
        prompt = self._screen.prompt
        text, attachments = prompt.text, prompt.attachments
        match parse(text):
            case AsMessage(words):
                pass
            case _:  # a command is not sent
                words = text if attachments else ""
        self._typed = self._screen.controller.counting.message(self._model(), words, attachments)
        self._screen.refresh_status()
