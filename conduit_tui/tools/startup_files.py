"""Files that programs obey: writing one of them is asked about each time."""

import re

_FOLDERS = frozenset(
    (
        *(".git", ".conduit", ".agents", ".claude", ".cursor", ".gemini", ".codex", ".ssh"),
        *(".vscode", ".idea", ".husky", ".githooks", ".devcontainer", "autostart", "systemd"),
        *("launchagents", "launchdaemons", "cron.d", "crontabs", "init.d", "profile.d"),
    )
)
_FILES = re.compile(
    r"""
    \.?(?:bash|zsh|ksh|csh|tcsh|dash|fish)?(?:rc|_profile|profile|env|_login|login|_logout|logout)
    | config\.fish | \.inputrc | \.x(?:init|session|resources)\w* | \.xprofile | \.pam_environment
    | \.envrc | \.direnvrc | \.gitconfig | \.gitmodules | \.gitattributes
    | \.(?:vim|exrc|gvim|nvim)(?:rc)? | \.tmux\.conf | \.screenrc | \.emacs | crontab
    | \.mcp\.json | mcp\.json | sitecustomize\.py | usercustomize\.py | \S+\.pth
    """,
    re.VERBOSE,
)


def is_obeyed(path: str) -> bool:
    """Whether programs do what a file at a path says, by its name and those of its folders."""
    names = [name for name in path.casefold().split("/") if name]
    if not names:
        return False
    return bool(_FILES.fullmatch(names[-1])) or not _FOLDERS.isdisjoint(names)
