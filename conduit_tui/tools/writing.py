"""How a tool's change gets to the disk: shown, permitted, kept for undo, and put there at once."""

from dataclasses import dataclass

from conduit_tui.core.amounts import short_size
from conduit_tui.core.consent import Act
from conduit_tui.core.errors import StorageError, ToolError
from conduit_tui.tools.diffs import unified_diff
from conduit_tui.tools.file_acts import folder_pattern, named
from conduit_tui.tools.holding import Hold
from conduit_tui.tools.jail import SECRET
from conduit_tui.tools.startup_files import is_obeyed
from conduit_tui.tools.target import MOST_BYTES, Target
from conduit_tui.tools.tool import ToolContext

OBEYED = "Programs obey files of this name or place."


@dataclass(frozen=True, slots=True)
class Change:
    """What a file shall hold, and how that is shown."""

    after: bytes
    diff: str
    warnings: tuple[str, ...] = ()

    @classmethod
    def between(
        cls, path: str, before: str | None, after: str, data: bytes, *warnings: str
    ) -> "Change":
        """The change of a text, whose bytes will be `data`. For a thread: diffs take their time.

        Raises ToolError for more than can be shown as a whole.
        """
        if len(data) > MOST_BYTES:
            raise ToolError(
                f"The file would have {short_size(len(data))}; more than {short_size(MOST_BYTES)} "
                "is not written at once."
            )
        return cls(data, unified_diff(before, after, path), warnings)


async def write(context: ToolContext, hold: Hold[Target], change: Change) -> None:
    """Write a change that a person agrees to.

    Raises Denied, and ToolError if the file is not what it was when it was shown, if what it held
    cannot be kept, or if it cannot be written; then it is as it was.
    """
    target = hold.opened
    await context.permit(write_act(context.call.name, target, change))
    await hold.run(lambda target: target.stage(change.after))
    if context.surroundings.files is not None:
        try:
            path = named(target.path)
            await context.surroundings.files.keep(path, target.before, change.after)
        except StorageError as error:
            raise ToolError(
                f"{target.path!r} was not written, since what it held could not be kept: {error}"
            ) from error
    await hold.run(lambda target: target.swap())


def telling_act(target: Target) -> Act:
    """Telling what a file holds without writing to it.

    It is reading whichever tool does it: an answer that lasts must not let that tool write.
    """
    is_secret = SECRET in target.warnings
    return Act(
        "file_read",
        "read",
        named(target.path),
        warnings=target.warnings,
        is_inside=target.is_inside and not is_secret,
        literal=is_secret,
    )


def write_act(tool: str, target: Target, change: Change) -> Act:
    """Writing a file, as rules and a person are asked about it.

    "Always" allows what is in the same directory, but not where programs obey what is written.
    """
    asks = is_obeyed(target.path) or SECRET in target.warnings
    warnings = (*target.warnings, *change.warnings)
    return Act(
        tool,
        "write",
        named(target.path),
        wider="" if asks else folder_pattern(target.path),
        preview=change.diff,
        shown_as="diff",
        warnings=(*warnings, OBEYED) if is_obeyed(target.path) else warnings,
        is_inside=target.is_inside,
        always_asks=asks,
    )
