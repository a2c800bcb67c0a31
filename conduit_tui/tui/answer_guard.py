"""When an answer counts: not one that was meant for something else."""

from collections.abc import Callable

GUARD_SECONDS = 0.4
"""An answer that comes so soon after its question was meant for something else."""

HELD_SECONDS = 0.75
"""So long after an answer the next is a key that is held: one repeats after 0.25 to 0.66 s."""

ALONE_SECONDS = 0.05
"""So long a key is looked at before it answers: behind one of words that are pasted, in a terminal
that does not say so, or typed by a program, the next has come by then."""


class AnswerGuard:
    """Says whether a key or a click comes too soon. `clock` counts seconds.

    What comes too soon, and what is no answer, puts the next answer off: neither a key that is
    held nor a word that is typed answers with one of its letters.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._keys_from = self._clicks_from = 0.0
        self._on_view: tuple[str, ...] = ()

    def show(self, ids: tuple[str, ...]) -> None:
        """Take note of the questions on view: where others are, one may have moved."""
        if ids != self._on_view:
            self._on_view = ids
            self._clicks_from = self._clock() + GUARD_SECONDS

    def put_off(self, seconds: float = GUARD_SECONDS) -> None:
        """Let no key answer for some time."""
        self._keys_from = max(self._keys_from, self._clock() + seconds)

    def come_back(self) -> None:
        """A person comes from elsewhere: the first press or click was meant to get here."""
        self.put_off()
        self._clicks_from = self._clock() + GUARD_SECONDS

    def takes_key(self) -> bool:
        """Whether a key that is pressed now answers."""
        is_early = self._clock() < self._keys_from
        if is_early:
            self.put_off()
        return not is_early

    def takes_click(self) -> bool:
        """Whether a click, or a command, answers now."""
        return self._clock() >= self._clicks_from
