"""A process that is killed while it sends and streams loses nothing it was told is stored."""

import random
from pathlib import Path

from benchmarks.kills import MISSING_BAR_MS, Found, kill_once

ROUNDS = 4


def test_kill_nine_loses_no_stored_message_and_leaves_exact_prefixes(path: Path) -> None:
    found = Found()
    for number in range(ROUNDS):
        kill_once(path, random.Random(number), found)
    assert (found.kills, found.lost, found.not_a_prefix, found.damaged) == (ROUNDS, 0, 0, 0)
    assert found.saved > ROUNDS
    assert found.partial > 0
    assert found.missing_ms <= MISSING_BAR_MS
