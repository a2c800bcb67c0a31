"""Gets the parser and the highlighter ready before the first reply needs them."""

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.stream import StreamingMarkdown

_SAMPLE = "*a* `b`\n\n- c\n\n```python\nd = 1\n```\n"


def warm_up() -> None:
    """Import markdown-it and pygments (some 0.1 s together); meant for a thread."""
    markdown = StreamingMarkdown(40, Palette())
    markdown.update(_SAMPLE, final=True)
    for index in range(len(markdown)):
        _ = markdown[index].segments
