"""Which files are obeyed by programs, so that writing them is always asked about."""

import pytest

from conduit_tui.tools.startup_files import is_obeyed

OBEYED = """
.git .git/hooks/pre-commit .git/config .GIT/config sub/.git/info/attributes repo.git/hooks/update
.gitattributes .gitmodules .gitconfig .githooks/pre-push .husky/pre-commit .hg/hgrc .jj/config
.pre-commit-config.yaml lefthook.yml .lefthook-local.yml .envrc .direnv/x .mise.toml
mise.local.toml .tool-versions .bashrc .bash_profile .bash_aliases .profile .zshrc .zshenv
.zprofile .zlogin .kshrc .tcshrc .config/fish/conf.d/a.fish .config/git/config
.config/systemd/user/a.service .inputrc .xinitrc .vimrc .vim/plugin/a.vim .nvim.lua .exrc .emacs
.emacs.d/init.el .dir-locals.el .config/nvim/init.lua .tmux.conf .gdbinit .psqlrc .pythonrc.py
.ipython/profile_default/startup/a.py .cargo/config.toml .vscode/tasks.json .idea/workspace.xml
.devcontainer/devcontainer.json .devcontainer.json .zed/x .config/autostart/a.desktop
menu/a.desktop LaunchAgents/a.plist cron.d/a crontab .conduit/settings.toml
.agents/skills/a/SKILL.md .claude/settings.json .codex/config.toml .mcp.json AGENTS.md CLAUDE.md
CLAUDE.local.md GEMINI.md .cursorrules .github/copilot-instructions.md .github/workflows/ci.yml
.github/actions/a/action.yml .gitlab-ci.yml .circleci/config.yml Jenkinsfile sitecustomize.py
usercustomize.py lib/a.pth .curlrc .wgetrc .bazelrc .ssh/authorized_keys
"""

PLAIN = """
README.md main.py Makefile package.json pyproject.toml setup.py conftest.py Dockerfile justfile
.gitignore .editorconfig .github/ISSUE_TEMPLATE.md src/profile.py environ.py login.py git/config
docs/agents.rst agents.py claude.py workflows/a.yml hooks/a.py desktop.py nvim.md
"""


@pytest.mark.parametrize("path", OBEYED.split())
def test_files_that_programs_obey_are_told_by_their_names(path: str) -> None:
    assert is_obeyed(f"/work/{path}")


@pytest.mark.parametrize("path", PLAIN.split())
def test_other_files_are_not(path: str) -> None:
    assert not is_obeyed(f"/work/{path}")
