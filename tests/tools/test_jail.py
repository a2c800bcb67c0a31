"""What a model names is opened within bounds, or refused in words."""

import os
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.jail import OUTSIDE, SECRET, open_file, open_folder
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.walk import MOST_LINKS
from tests.tools.jail_yard import Yard, exchanging


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard.make(tmp_path)


@pytest.fixture(autouse=True)
def _no_descriptor_is_left_open() -> Iterator[None]:
    before = set(os.listdir("/dev/fd"))
    yield
    assert set(os.listdir("/dev/fd")) == before


def refused(yard: Yard, path: str, surroundings: Surroundings | None = None) -> str:
    with pytest.raises(ToolError) as caught:
        yard.read(path, surroundings)
    return str(caught.value)


@pytest.mark.parametrize("path", ["notes.txt", "./notes.txt", ".//notes.txt", "sub/../notes.txt"])
def test_a_file_of_the_working_directory_is_inside(yard: Yard, path: str) -> None:
    (yard.root / "sub").mkdir()
    with open_file(yard.surroundings, path) as opened:
        assert opened.path == str(yard.root / "notes.txt")
        assert (opened.is_inside, opened.warnings, opened.size_bytes) == (True, (), 7)
    assert yard.read(path) == "inside\n"


def test_a_whole_path_into_the_working_directory_is_inside(yard: Yard) -> None:
    assert yard.is_inside(str(yard.root / "notes.txt"))
    assert yard.is_inside(f"{yard.outside}/../root/notes.txt")


@pytest.mark.parametrize("path", ["../outside/secret.txt", "{outside}/secret.txt"])
def test_what_is_outside_is_opened_and_said_to_be_outside(yard: Yard, path: str) -> None:
    with open_file(yard.surroundings, path.format(outside=yard.outside)) as opened:
        assert opened.path == str(yard.outside / "secret.txt")
        assert not opened.is_inside
        assert opened.warnings == (OUTSIDE, SECRET)


def test_a_directory_whose_name_begins_alike_is_outside(yard: Yard) -> None:
    evil = yard.root.with_name("root-evil")
    evil.mkdir()
    (evil / "notes.txt").write_text("evil\n")
    assert not yard.is_inside("../root-evil/notes.txt")
    assert not yard.is_inside(str(evil / "notes.txt"))


def test_a_way_out_and_in_again_is_inside(yard: Yard) -> None:
    assert yard.is_inside("../root/notes.txt")
    assert yard.is_inside("../../../../../../../../.." + str(yard.root / "notes.txt"))


def test_the_working_directory_may_be_given_through_a_link(yard: Yard, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(yard.root)
    around = Surroundings(tmp_path / "way", environ={"HOME": str(yard.home)})
    for path in ("notes.txt", str(tmp_path / "way" / "notes.txt"), str(yard.root / "notes.txt")):
        with open_file(around, path) as opened:
            assert (opened.path, opened.is_inside) == (str(yard.root / "notes.txt"), True)


def test_nothing_is_inside_where_the_working_directory_is_the_home(yard: Yard) -> None:
    (yard.home / "a.txt").write_text("a")
    with open_file(Surroundings(yard.home, environ={"HOME": str(yard.home)}), "a.txt") as opened:
        assert (opened.is_inside, opened.warnings) == (False, (OUTSIDE,))


def test_nothing_is_inside_where_the_working_directory_is_the_root(yard: Yard) -> None:
    around = Surroundings(Path("/"), environ={"HOME": str(yard.home)})
    with open_file(around, str(yard.root / "notes.txt")) as opened:
        assert not opened.is_inside


def test_the_home_is_not_inside_of_a_directory_above_it(yard: Yard, tmp_path: Path) -> None:
    (yard.home / "a.txt").write_text("a")
    around = Surroundings(tmp_path, environ={"HOME": str(yard.home)})
    with open_file(around, "home/a.txt") as opened:
        assert not opened.is_inside
    with open_file(around, "root/notes.txt") as opened:
        assert opened.is_inside


def test_a_tilde_is_the_persons_home(yard: Yard) -> None:
    (yard.home / "a.txt").write_text("at home\n")
    assert yard.read("~/a.txt") == "at home\n"
    assert yard.lists("~") == str(yard.home)
    assert "does not exist" in refused(yard, "~nobody/a.txt")


@pytest.mark.parametrize("target", ["notes.txt", "sub/../notes.txt", "{root}/notes.txt", "second"])
def test_a_link_that_stays_inside_is_followed(yard: Yard, target: str) -> None:
    (yard.root / "sub").mkdir()
    (yard.root / "second").symlink_to("sub/../notes.txt")
    (yard.root / "link").symlink_to(target.format(root=yard.root))
    with open_file(yard.surroundings, "link") as opened:
        assert (opened.path, opened.is_inside) == (str(yard.root / "notes.txt"), True)


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../outside/secret.txt", "sub/../../outside/secret.txt", "second"]
)
def test_a_link_that_leads_out_is_refused_and_its_target_named(yard: Yard, target: str) -> None:
    (yard.root / "sub").mkdir()
    (yard.root / "second").symlink_to(yard.outside / "secret.txt")
    (yard.root / "link").symlink_to(target)
    words = refused(yard, "link")
    wanted = "/etc/passwd" if target.startswith("/") else str(yard.outside / "secret.txt")
    assert repr(wanted) in words
    assert "symbolic link" in words


def test_a_directory_link_that_leads_out_is_refused(yard: Yard) -> None:
    (yard.root / "way").symlink_to(yard.outside)
    assert repr(str(yard.outside)) in refused(yard, "way/secret.txt")
    with pytest.raises(ToolError, match="symbolic link"):
        open_folder(yard.surroundings, "way")


def test_a_link_does_not_tell_whether_its_target_is_there(yard: Yard) -> None:
    (yard.root / "there").symlink_to(yard.outside / "secret.txt")
    (yard.root / "gone").symlink_to(yard.outside / "missing.txt")
    there, gone = refused(yard, "there"), refused(yard, "gone")
    assert there.replace("there", "").replace("secret", "") == gone.replace("gone", "").replace(
        "missing", ""
    )


def test_the_way_up_behind_a_link_is_that_of_its_target(yard: Yard) -> None:
    (yard.root / "deep" / "er").mkdir(parents=True)
    (yard.root / "deep" / "a.txt").write_text("deep\n")
    (yard.root / "link").symlink_to("deep/er")
    assert yard.read("link/../a.txt") == "deep\n"
    assert yard.is_inside("link/../../../root/notes.txt")  # the path leads out, not the link


def test_links_outside_are_followed_to_the_real_path(yard: Yard) -> None:
    (yard.outside / "link").symlink_to("../root/notes.txt")
    (yard.outside / "away").symlink_to(yard.home)
    (yard.home / "a.txt").write_text("a")
    assert yard.is_inside(str(yard.outside / "link"))
    with open_file(yard.surroundings, str(yard.outside / "away" / "a.txt")) as opened:
        assert (opened.path, opened.is_inside) == (str(yard.home / "a.txt"), False)


def test_links_in_a_circle_end(yard: Yard) -> None:
    (yard.root / "a").symlink_to("b")
    (yard.root / "b").symlink_to("a")
    (yard.root / "self").symlink_to("self/self")
    assert "in a circle" in refused(yard, "a")
    assert "in a circle" in refused(yard, "self/x")


def test_forty_links_are_followed_and_no_more(yard: Yard) -> None:
    (yard.root / "l0").symlink_to("notes.txt")
    for at in range(1, MOST_LINKS + 1):
        (yard.root / f"l{at}").symlink_to(f"l{at - 1}")
    assert yard.read(f"l{MOST_LINKS - 1}") == "inside\n"
    assert f"more than {MOST_LINKS} links" in refused(yard, f"l{MOST_LINKS}")


def test_what_is_readable_needs_no_question(yard: Yard) -> None:
    (yard.outside / "a.txt").write_text("skill\n")
    around = yard.reading(yard.outside)
    with open_file(around, str(yard.outside / "a.txt")) as opened:
        assert (opened.is_inside, opened.warnings) == (True, ())
    (yard.outside / "link").symlink_to(yard.root / "notes.txt")
    assert "symbolic link" in refused(yard, str(yard.outside / "link"), around)


def test_what_a_link_was_put_in_the_place_of_is_readable_no_more(yard: Yard) -> None:
    skill = yard.root / "skill"
    skill.symlink_to(yard.outside)
    with open_file(yard.reading(skill), str(yard.outside / "secret.txt")) as opened:
        assert not opened.is_inside
    assert "symbolic link" in refused(yard, str(skill / "secret.txt"), yard.reading(skill))


def test_conduits_own_files_are_refused(yard: Yard, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(yard.own)
    for path in (str(yard.own / "keys.toml"), "../own/keys.toml", str(tmp_path / "way/keys.toml")):
        assert "Conduit's own" in refused(yard, path)
    with pytest.raises(ToolError, match="Conduit's own"):
        yard.lists(str(yard.own))


def test_a_skill_among_conduits_own_files_is_readable(yard: Yard) -> None:
    skill = yard.own / "skills" / "tea"
    skill.mkdir(parents=True)
    (skill / "SKILL.md").write_text("tea\n")
    around = yard.reading(skill)
    assert yard.read(str(skill / "SKILL.md"), around) == "tea\n"
    assert "Conduit's own" in refused(yard, str(skill / ".." / ".." / "keys.toml"), around)
    assert "Conduit's own" in refused(yard, str(yard.own / "keys.toml"), around)


@pytest.mark.parametrize(
    "name", [".env", ".env.local", "id_rsa", "id_ed25519", "server.key", "CERT.PEM", ".netrc"]
)
def test_files_that_hold_secrets_are_not_inside(yard: Yard, name: str) -> None:
    (yard.root / name).write_text("x")
    with open_file(yard.surroundings, name) as opened:
        assert (opened.is_inside, opened.warnings) == (False, (SECRET,))


def test_folders_that_hold_secrets_may_be_listed(yard: Yard) -> None:
    (yard.root / ".ssh").mkdir()
    (yard.root / ".ssh" / "config").write_text("x")
    with open_folder(yard.surroundings, ".ssh") as opened:
        assert opened.is_inside
    assert not yard.is_inside(".ssh/config")


def test_further_names_of_a_file_are_told(yard: Yard) -> None:
    os.link(yard.root / "notes.txt", yard.root / "other.txt")
    with open_file(yard.surroundings, "other.txt") as opened:
        assert opened.warnings == ("It is a hard link: the same file has 2 names.",)


@pytest.mark.parametrize(
    "path",
    [
        "/proc/self/mem",
        "/proc/self/environ",
        "/dev/zero",
        "/dev/null",
        "/dev/stdin",
        "/dev/fd/0",
        "/dev/shm",
        "/dev",
        "/proc/self/root/etc/passwd",
        "/proc/self/cwd/notes.txt",
        "/sys/kernel/notes",
        "/proc",
        "/../proc/version",
        "/proc/1/../version",
        "//proc/version",
    ],
)
def test_the_systems_own_files_are_refused(yard: Yard, path: str) -> None:
    words = refused(yard, path)
    assert "the system's own" in words or "is a directory" in words
    with pytest.raises(ToolError):
        yard.lists(path)


def test_the_systems_own_files_are_not_reached_by_links(yard: Yard) -> None:
    (yard.outside / "p").symlink_to("/proc/self")
    assert "the system's own" in refused(yard, str(yard.outside / "p" / "environ"))


def test_fifos_sockets_and_directories_are_refused_at_once(yard: Yard) -> None:
    os.mkfifo(yard.root / "fifo")
    assert "is a FIFO" in refused(yard, "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(yard.root, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/sock" if Path("/proc/self/fd").exists() else "sock")
        os.close(here)
        assert "is a socket" in refused(yard, "sock")
    assert "is a directory" in refused(yard, ".")
    assert "is a directory" in refused(yard, "../root")
    assert "is not a directory" in refused(yard, "notes.txt/")
    assert "is not a directory" in refused(yard, "notes.txt/x")


def test_opening_a_fifo_does_not_wake_who_waits_to_write(yard: Yard) -> None:
    os.mkfifo(yard.root / "fifo")
    opened = threading.Event()

    def write() -> None:
        os.close(os.open(yard.root / "fifo", os.O_WRONLY))
        opened.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            refused(yard, "fifo")
        assert not opened.is_set()
    finally:
        reader = os.open(yard.root / "fifo", os.O_RDONLY | os.O_NONBLOCK)
        writer.join()
        os.close(reader)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to make devices")
def test_devices_elsewhere_are_refused(yard: Yard) -> None:
    try:
        os.mknod(yard.root / "zero", 0o20644, os.makedev(1, 5))
    except OSError:
        pytest.skip("devices cannot be made here")
    assert "is a device" in refused(yard, "zero")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "the path is empty"),
        ("   ", "the path is empty"),
        ("a\0b", "NUL"),
        ("\udcff.txt", "not valid UTF-8"),
        ("\ud800", "not valid UTF-8"),
        ("x" * 300, "too long"),
        ("a/" * 4_000, "too long"),
        ("missing.txt", "does not exist"),
        ("missing/../notes.txt", "does not exist"),
    ],
)
def test_what_is_no_path_of_a_file_is_refused_in_words(yard: Yard, path: str, words: str) -> None:
    assert words in refused(yard, path)


def test_names_with_line_breaks_and_escapes_are_named_harmlessly(yard: Yard) -> None:
    name = "a\n\x1b[31mb\u202e.txt"
    (yard.root / name).write_text("odd\n")
    assert yard.read(name) == "odd\n"
    assert re.fullmatch(r"[ -~]*", refused(yard, f"{name}x"))


def test_deep_directories_are_walked(yard: Yard) -> None:
    deep = "/".join(["d"] * 400)
    here = os.open(yard.root, os.O_RDONLY)
    for _ in range(400):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("a.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)
    assert yard.is_inside(f"{deep}/a.txt")
    assert yard.is_inside("/".join(["d"] * 300 + [".."] * 300 + ["notes.txt"]))


SWAPPING_SECONDS = 1.5


@pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged by a call of Linux")
def test_no_read_gets_out_while_directories_and_files_become_links(yard: Yard) -> None:
    """A real race: who swaps needs no more than one moment between a look and an opening."""
    (yard.root / "sub").mkdir()
    (yard.root / "sub" / "notes.txt").write_text("inside\n")
    (yard.outside / "notes.txt").write_text("outside\n")
    (yard.root / "way").symlink_to(yard.outside)
    (yard.root / "file").symlink_to(yard.outside / "notes.txt")
    pairs = [(yard.root / "sub", yard.root / "way"), (yard.root / "notes.txt", yard.root / "file")]
    read, refusals = 0, 0
    end = time.monotonic() + SWAPPING_SECONDS
    with exchanging(pairs):
        while time.monotonic() < end:
            for path in ("sub/notes.txt", "notes.txt", "sub/../sub/notes.txt"):
                try:
                    assert yard.read(path) == "inside\n"
                    read += 1
                except ToolError:
                    refusals += 1
    assert read > 100
    assert refusals > 100


def test_a_removed_working_directory_is_told(yard: Yard) -> None:
    (yard.root / "notes.txt").unlink()
    yard.root.rmdir()
    assert "does not exist" in refused(yard, "notes.txt")


def test_nothing_is_taken_for_the_working_directory_that_was_put_in_its_place(yard: Yard) -> None:
    found = yard.root.stat()
    around = replace(yard.surroundings, ident=(found.st_dev, found.st_ino))
    assert yard.read("notes.txt", around) == "inside\n"
    yard.root.rename(yard.root.with_name("moved"))
    yard.root.symlink_to(yard.outside)
    for path in ("secret.txt", str(yard.root / "secret.txt"), str(yard.outside / "secret.txt")):
        assert "not the directory any more" in refused(yard, path, around)
