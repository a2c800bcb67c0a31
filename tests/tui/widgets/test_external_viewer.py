"""Which program shows what, and what it is handed."""

from collections.abc import Mapping

import pytest

from conduit_tui.tui.widgets.external_program import ProgramFailed, text_file
from conduit_tui.tui.widgets.external_viewer import viewer

EVERYTHING = ("less", "more", "vi")


def chosen(environ: Mapping[str, str], *there: str, is_code: bool = False) -> list[str]:
    program = viewer(environ, is_code=is_code, find=lambda name: name if name in there else None)
    return list(program.command)


@pytest.mark.parametrize(
    ("environ", "to_read", "to_edit"),
    [
        ({"PAGER": "most", "EDITOR": "nano"}, ["most"], ["nano"]),
        ({"PAGER": "most -s"}, ["most", "-s"], ["most", "-s"]),
        ({"EDITOR": "nano"}, ["nano"], ["nano"]),
        ({"VISUAL": "code --wait", "EDITOR": "nano"}, ["code", "--wait"], ["code", "--wait"]),
        ({"PAGER": " ", "EDITOR": ""}, ["less", "-+F"], ["vi"]),
        ({}, ["less", "-+F"], ["vi"]),
    ],
)
def test_words_go_to_a_pager_and_code_to_an_editor(
    environ: dict[str, str], to_read: list[str], to_edit: list[str]
):
    assert chosen(environ, *EVERYTHING) == to_read
    assert chosen(environ, *EVERYTHING, is_code=True) == to_edit


@pytest.mark.parametrize(
    ("pager", "expected"),
    [
        ("less", ["less", "-+F"]),
        ("/usr/bin/less -R", ["/usr/bin/less", "-R", "-+F"]),
        ("bat --plain", ["bat", "--plain", "--paging=always"]),
    ],
)
def test_a_pager_stays_also_with_a_text_that_fits(pager: str, expected: list[str]):
    assert chosen({"PAGER": pager}) == expected


def test_cat_is_no_pager():
    assert chosen({"PAGER": "cat", "EDITOR": "nano"}, *EVERYTHING) == ["nano"]
    assert chosen({"PAGER": "/bin/cat"}, "more") == ["more"]


def test_what_is_there_is_taken_and_nothing_at_all_is_told():
    assert chosen({}, "vi") == ["vi"]
    assert chosen({}, "more", is_code=True) == ["more"]
    with pytest.raises(ProgramFailed, match=r"Set \$PAGER or \$EDITOR\."):
        chosen({})
    with pytest.raises(ProgramFailed, match=r"\$PAGER is not a command: \"'less\"\."):
        chosen({"PAGER": "'less"})


async def test_the_file_is_for_its_owner_alone_and_gone_afterwards():
    async with text_file("text", ".py") as path:
        assert path.read_text() == "text"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.suffix == ".py"
    assert not path.exists()


async def test_a_disk_without_room_is_told(monkeypatch: pytest.MonkeyPatch):
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    with pytest.raises(ProgramFailed, match="No space left on device"):
        async with text_file("text", ".py"):
            pass
