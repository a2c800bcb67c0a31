"""Scrolls two lists of messages together.

They stand on one anchor, a message and a row of it, counted in the taller of both: so messages
begin at the same time, and the shorter one waits at its end. Rows are counted as they are drawn,
so no estimate moves anything.
"""

from conduit_tui.tui.widgets.compare_side import CompareMessages


class SideBySide:
    """Where both stand. `message` is the one at the top.

    At the end of both the view follows what streams.
    """

    def __init__(self, left: CompareMessages, right: CompareMessages) -> None:
        self._both = left, right
        self._row = 0
        self._follows = False
        self.message = 0

    def scroll(self, rows: int) -> None:
        """Scroll by rows, down if they are positive."""
        self._place()
        for _ in range(abs(rows)):
            if not (self._down() if rows > 0 else self._up()):
                break
        self._settle()

    def to_start(self) -> None:
        """Go to the first row."""
        self.message = self._row = 0
        self._settle()

    def to_end(self) -> None:
        """Go to where the last rows of both are in sight."""
        self._go_to_end()
        self._settle()

    def hold(self) -> None:
        """Place both anew after something changed, at the end if they were there."""
        self.message = min(self.message, self._count - 1)
        if self._follows:
            self._go_to_end()
        self._settle()

    def _go_to_end(self) -> None:
        self.message = self._count - 1
        self._row = max(0, self._height(self.message) - 1)
        self._place()
        while self._are_at_end and self._up():
            pass
        self._down()

    def _settle(self) -> None:
        self._place()
        self._follows = self._are_at_end
        for each in self._both:
            each.bring_up_to_date()

    def _down(self) -> bool:
        """Go down a row; returns whether there was more to see."""
        if self._are_at_end:
            return False
        self._row += 1
        if self._row >= self._height(self.message) and self.message < self._count - 1:
            self.message, self._row = self.message + 1, 0
        self._place()
        return True

    def _up(self) -> bool:
        """Go up a row; returns whether there was one."""
        if self._row:
            self._row -= 1
        elif self.message:
            self.message -= 1
            self._row = max(0, self._height(self.message) - 1)
        else:
            return False
        self._place()
        return True

    def _place(self) -> None:
        for each in self._both:
            rows = self._height_in(each, self.message)
            each.stand(self.message, min(self._row, max(0, rows - 1)))

    @property
    def _count(self) -> int:
        return max(1, *(len(each.path.entries) for each in self._both))

    @property
    def _are_at_end(self) -> bool:
        return all(each.is_at_end for each in self._both)

    def _height(self, message: int) -> int:
        return max(self._height_in(each, message) for each in self._both)

    def _height_in(self, messages: CompareMessages, message: int) -> int:
        path = messages.path
        return len(path.view(message)) if message < len(path.entries) else 0
