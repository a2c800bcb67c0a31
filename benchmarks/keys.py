"""How long a typed letter takes to the screen, while a reply streams and while nothing happens."""

import random
import statistics
import string

from benchmarks.model_server import model_server
from benchmarks.streaming import RATE, Row, conduit, environment
from benchmarks.terminal import Terminal

LETTERS = 150
WORD = 20
TELLING = 5
"""Letters of a word that stand nowhere else on the screen; those before are not measured."""
CLEAR = "\x15"
PAUSE_SECONDS = 0.06
BAR_MS, BAR_TIMES = 50.0, 3.0


def measure() -> list[Row]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    with model_server() as server, conduit(environment(server)) as terminal:
        idle = _p95_ms(terminal)
        terminal.type("\x03")  # clears the prompt
        terminal.type(f"stream {int(LETTERS * 0.2 * RATE)} {RATE}\r")
        terminal.wait_for("Part 2")
        streaming = _p95_ms(terminal)
    is_met = streaming <= BAR_MS or streaming <= BAR_TIMES * idle
    return [
        (
            f"key to screen at {RATE} tokens/s, p95 of {LETTERS}",
            f"{streaming:.0f} ms (idle {idle:.0f} ms)",
            f"{BAR_MS:.0f} ms, or {BAR_TIMES:g}x idle",
            is_met,
        )
    ]


def _p95_ms(terminal: Terminal) -> float:
    """Type words of random letters, so that what is waited for stands nowhere else."""
    taken: list[float] = []
    letters = random.Random(20).choices(string.ascii_lowercase, k=LETTERS)
    for start in range(0, LETTERS, WORD):
        terminal.type(CLEAR)
        typed = ""
        for letter in letters[start : start + WORD]:
            typed += letter
            pressed_at = terminal.type(letter)
            terminal.wait_for(typed)
            if len(typed) >= TELLING:
                taken.append((terminal.read_at - pressed_at) * 1000)
            terminal.rest(PAUSE_SECONDS)
    return statistics.quantiles(taken, n=20)[18]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
