"""Files that programs obey: writing one of them is asked about each time.

That is what a program does by itself: when a shell, an editor or an agent starts, a directory is
entered or opened, or git is at work. What is built or run by name, such as a Makefile, is like any
source: whoever runs it has asked for that.
"""

import re
from itertools import pairwise

_FOLDERS = frozenset(
    (
        *(".git", ".conduit", ".agents", ".claude", ".cursor", ".gemini", ".codex", ".ssh"),
        *(".windsurf", ".continue", ".aider", ".opencode", ".roo", ".clinerules"),
        *(".vscode", ".idea", ".zed", ".husky", ".githooks", ".devcontainer", ".direnv", ".mise"),
        *(".hg", ".jj", ".svn", ".circleci", ".buildkite", ".gitea", ".forgejo", ".woodpecker"),
        *("autostart", "systemd", "launchagents", "launchdaemons", "init.d", "profile.d"),
        *("cron.d", "crontabs", "cron.hourly", "cron.daily", "cron.weekly", "cron.monthly"),
        *(".vim", "nvim", ".emacs.d", ".doom.d", ".ipython", ".jupyter", ".cargo", ".gnupg"),
    )
)
_FILES = re.compile(
    r"""
    \.?(?:bash|zsh|z|ksh|csh|tcsh|dash|fish)?
      (?:rc|_profile|profile|env|_login|login|_logout|logout|_aliases)
    | config\.fish | \.inputrc | \.x(?:init|session|resources)\w* | \.xprofile | \.pam_environment
    | \.envrc | \.direnvrc | \.?mise(?:\.[a-z]+)*\.toml | \.tool-versions | \.autoenv.*
    | \.gitconfig | \.gitmodules | \.gitattributes | \.hgrc
    | \.pre-commit-config\.ya?ml | \.?lefthook(?:-local)?\.(?:ya?ml|toml|json)
    | \.(?:vim|exrc|gvim|nvim)(?:rc)? | \.nvim\.lua | \.l?vimrc | \.dir-locals(?:-2)?\.el
    | \.tmux\.conf | \.screenrc | \.emacs | \.nanorc | crontab | \w[\w.@-]*\.desktop
    | \.(?:gdbinit|lldbinit|pdbrc|irbrc|pryrc|psqlrc|sqliterc|rprofile|pythonrc)(?:\.py)?
    | \.(?:curlrc|wgetrc|lesskey|lessfilter|bazelrc|hushlogin) | \.devcontainer\.json
    | \.?mcp\.json | sitecustomize\.py | usercustomize\.py | \S+\.pth
    | (?:agents|claude|gemini|copilot-instructions|\.?cursorrules|\.?windsurfrules)(?:\.local)?\.md
    | \.(?:cursor|windsurf|cline)rules | \.gitlab-ci\.ya?ml | jenkinsfile | azure-pipelines\.ya?ml
    """,
    re.VERBOSE,
)
_PLACES = frozenset(
    ((".github", "workflows"), (".github", "actions"), (".config", "git"), (".config", "fish"))
)


def is_obeyed(path: str) -> bool:
    """Whether programs do what a file at a path says, by its name and those of its folders."""
    names = [name for name in path.casefold().split("/") if name]
    if not names:
        return False
    if _FILES.fullmatch(names[-1]) or not _FOLDERS.isdisjoint(names):
        return True
    is_of_git = any(name.endswith(".git") for name in names[:-1])  # a repository without files
    return is_of_git or not _PLACES.isdisjoint(pairwise(names))
