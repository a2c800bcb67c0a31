"""The question every turn here begins with."""

import pytest

from conduit_tui.core.message import Message
from tests.conftest import MakeMessage


@pytest.fixture
def question(make_message: MakeMessage) -> Message:
    return make_message("user", "What time is it?")
