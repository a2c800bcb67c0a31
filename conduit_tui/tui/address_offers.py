"""Completes addresses behind a slash command."""

import re

from conduit_tui.core.address import TEXT_SIGN
from conduit_tui.core.address_offers import offers
from conduit_tui.core.clean import clean_line
from conduit_tui.core.session import Session
from conduit_tui.tui.widgets.completion import Offer

_TEXT = re.compile(rf"(?:^|(?<=\s)){re.escape(TEXT_SIGN)}")


def offer_addresses(session: Session, partial: str) -> list[Offer]:
    """Return what the last address in `partial` may become; what stands before it stays.

    Behind `:/` everything is text.
    """
    text = _TEXT.search(partial)
    start = text.start() if text else len(partial) - len(partial.split(" ")[-1])
    head, typed = partial[:start], partial[start:]
    return [
        Offer(head + address, clean_line(address), words)
        for address, words in offers(session, typed)
    ]
