"""A unified diff in its colours."""

from typing import ClassVar

from rich.style import Style

from conduit_tui.tui.screens.text_lines import TextLines


class DiffLines(TextLines):
    """Shows a cleaned diff: what goes, what comes, and where."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "diff-lines--added",
        "diff-lines--removed",
        "diff-lines--place",
    }
    DEFAULT_CSS = """
    DiffLines {
        & .diff-lines--added { color: $text-success; }
        & .diff-lines--removed { color: $text-error; }
        & .diff-lines--place { color: $text-muted; }
        &:ansi .diff-lines--place { text-style: dim; }
    }
    """

    def row_style(self, row: int) -> Style:
        """The style of a row, by how its line begins."""
        line = self.line_start(row, 4)
        match line[:1]:
            case "+":
                name = "added"
            case "-":
                name = "removed"
            case "@" | "\\":
                name = "place"
            case _:
                return self.rich_style
        if line in ("+++ ", "--- "):
            name = "place"
        return self.get_component_rich_style(f"diff-lines--{name}")
