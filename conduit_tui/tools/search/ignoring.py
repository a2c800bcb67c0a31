"""What git would not look at, by the .gitignore files of a tree.

`pathspec` reads the patterns, RE2 matches them. Each entry is held against them by its own path
alone, as git does on its way down: what is below an ignored folder is never asked for.
"""

import os
from dataclasses import dataclass

from conduit_tui.tools.search.expressions import BadPattern, Several
from conduit_tui.tools.search.opening import open_file, read_all

MOST_BYTES = 500_000
MOST_PATTERNS = 5_000
MOST_OF_PATTERN = 1_000
"""Characters of a line; longer ones mean nothing, as it may take seconds to read them."""
MOST_LEVELS = 64
_BELOW = "(?P<ps_d>/)"  # how pathspec writes "and what is below"


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one file. `skipped` characters of a path belong to the folders above it."""

    patterns: Several
    ignores: tuple[bool, ...]
    skipped: int

    def verdict(self, path: bytes) -> bool | None:
        """Whether to ignore a path, which ends with a slash if it is a folder's; None: no word."""
        found = self.patterns.matching(path[self.skipped :])
        return self.ignores[found[-1]] if found else None


@dataclass(frozen=True, slots=True)
class Above:
    """What holds in a folder before its own .gitignore: the rules, and the way from the top."""

    rules: tuple[Rules, ...] = ()
    way: bytes = b""
    has_git: bool = False


def is_ignored(rules: tuple[Rules, ...], path: bytes) -> bool:
    """Whether to ignore a path, by the rules from the top down; the nearest word counts."""
    for each in reversed(rules):
        verdict = each.verdict(path)
        if verdict is not None:
            return verdict
    return False


def rules_in(folder: int, skipped: int, name: bytes = b".gitignore") -> Rules | None:
    """Read the rules that stand in an open folder, if any."""
    try:
        opened, _ = open_file(folder, name)
    except OSError:
        return None
    try:
        text = read_all(opened, MOST_BYTES)
    except OSError:
        return None
    return parsed(text.removeprefix(b"\xef\xbb\xbf").decode(errors="replace"), skipped)


def parsed(text: str, skipped: int = 0) -> Rules | None:
    """Read the lines of a .gitignore; those that mean nothing are passed over."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    expressions: list[str] = []
    ignores: list[bool] = []
    for line in text.split("\n")[:MOST_PATTERNS]:
        if len(line) > MOST_OF_PATTERN:
            continue
        try:
            expression, ignored = GitIgnoreSpecPattern.pattern_to_regex(line.removesuffix("\r"))
        except ValueError:
            continue
        if expression is not None and ignored is not None:
            expressions.append(_of_entry(expression))
            ignores.append(ignored)
    return _sound(expressions, ignores, skipped)


def _of_entry(expression: str) -> str:
    """The expression for an entry itself, without what is below it."""
    itself = expression.removesuffix(f"(?:{_BELOW}|$)")
    if itself != expression:
        return f"(?s){itself}/?$"
    if expression.endswith(_BELOW):
        return f"(?s){expression.removesuffix(_BELOW)}/$"
    return f"(?s){expression}." if expression.endswith("/") else f"(?s){expression}"


def _sound(expressions: list[str], ignores: list[bool], skipped: int) -> Rules | None:
    """The rules that RE2 takes, all of them if it can."""
    if not expressions:
        return None
    try:
        return Rules(Several(expressions), tuple(ignores), skipped)
    except BadPattern:
        pairs = [
            (one, ignored)
            for one, ignored in zip(expressions, ignores, strict=True)
            if _is_sound(one)
        ]
    if not pairs or len(pairs) == len(expressions):
        return None
    return _sound([one for one, _ in pairs], [ignored for _, ignored in pairs], skipped)


def _is_sound(expression: str) -> bool:
    try:
        Several([expression])
    except BadPattern:
        return False
    return True


def above(root: int, real_path: bytes, otherwise_levels: int) -> Above:
    """What the folders above `root` say, from the git root down.

    Where there is no git root, from `otherwise_levels` above.
    """
    folders = _upwards(root, real_path.count(b"/"))
    try:
        top = next((at for at, folder in enumerate(folders) if _has_git(folder)), None)
        levels = min(otherwise_levels, len(folders) - 1) if top is None else top
        names = [part for part in real_path.split(b"/") if part][-levels:] if levels else []
        rules: list[Rules] = []
        if top is not None:
            found = excluded(folders[top], 0)
            rules += [found] if found else []
        for level in range(levels, 0, -1):
            way = b"".join(name + b"/" for name in names[: levels - level])
            found = rules_in(folders[level], len(way))
            rules += [found] if found else []
        return Above(tuple(rules), b"".join(name + b"/" for name in names), top is not None)
    finally:
        for folder in folders:
            os.close(folder)


def _upwards(root: int, levels: int) -> list[int]:
    """The folder and those above it, open, as far as they can be opened."""
    folders = [os.dup(root)]
    for _ in range(min(levels, MOST_LEVELS)):
        if _has_git(folders[-1]):
            break
        try:
            folders.append(
                os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folders[-1])
            )
        except OSError:
            break
    return folders


def _has_git(folder: int) -> bool:
    try:
        os.stat(".git", dir_fd=folder)
    except OSError:
        return False
    return True


def excluded(folder: int, skipped: int) -> Rules | None:
    """What .git/info/exclude of a repository says, whose top is open."""
    try:
        info = os.open(".git/info", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return None
    try:
        return rules_in(info, skipped, b"exclude")
    finally:
        os.close(info)
