"""Pictures out of the clipboard, by whatever tool the desktop has."""

import base64
from collections.abc import Mapping, Sequence

import pytest
from PIL import Image, ImageGrab

from conduit_tui.core.image_size import image_size
from conduit_tui.tui.clipboard_image import Found, NoImage, image_from_clipboard

PNG = b"\x89PNG\r\n\x1a\n rest"
X11, WAYLAND = {"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}


def tools(**outputs: bytes | Mapping[str, bytes]):
    """Programs that are there, and what they print; by their last word if that decides."""
    asked: list[list[str]] = []

    async def run(command: Sequence[str]) -> bytes:
        asked.append(list(command))
        printed = outputs[command[0].replace("-", "_").removesuffix(".exe")]
        return printed if isinstance(printed, bytes) else printed.get(command[-1], b"")

    def find(name: str) -> str | None:
        return name if name.replace("-", "_").removesuffix(".exe") in outputs else None

    return run, find, asked


@pytest.mark.parametrize(
    ("environ", "name", "listing"),
    [(X11, "xclip", "TARGETS"), (WAYLAND, "wl_paste", "--list-types")],
)
async def test_the_tool_of_the_display_is_asked_for_the_best_kind(
    environ: dict[str, str], name: str, listing: str
) -> None:
    kinds = b"TARGETS\nimage/bmp\nimage/png\ntext/plain\n"
    run, find, asked = tools(**{name: {listing: kinds, "image/png": PNG}})
    assert await image_from_clipboard(environ, "linux", run, find) == Found(PNG)
    assert asked[-1][-1] == "image/png"


async def test_copied_files_are_paths() -> None:
    listed = b"# copied\r\nfile:///home/a/my%20photo.png\r\nhttps://x.example/\r\n"
    run, find, _ = tools(wl_paste={"--list-types": b"text/uri-list\n", "text/uri-list": listed})
    found = await image_from_clipboard(WAYLAND, "linux", run, find)
    assert found == Found(paths=("/home/a/my photo.png",))


@pytest.mark.parametrize("kinds", [b"", b"text/plain\n", b"image/png\n"])
async def test_without_a_picture_that_is_said(kinds: bytes) -> None:
    run, find, _ = tools(xclip={"TARGETS": kinds})
    with pytest.raises(NoImage, match="no picture in the clipboard"):
        await image_from_clipboard(X11, "linux", run, find)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (X11, "needs xclip: install 'xclip'"),
        (WAYLAND, "needs wl-paste: install 'wl-clipboard'"),
        ({}, "no desktop"),
        ({"SSH_CONNECTION": "1 2 3 4", **X11}, "Over ssh"),
    ],
)
async def test_what_is_missing_is_said_with_a_way_out(environ: dict[str, str], words: str) -> None:
    run, find, asked = tools()
    with pytest.raises(NoImage) as caught:
        await image_from_clipboard(environ, "linux", run, find)
    assert words in str(caught.value)
    assert "/attach" in str(caught.value)
    assert asked == []


async def test_macos_is_asked_by_pngpaste_or_by_its_own_script() -> None:
    run, find, _ = tools(pngpaste=PNG)
    assert await image_from_clipboard({}, "darwin", run, find) == Found(PNG)
    run, find, _ = tools(osascript=f"«data PNGf{PNG.hex().upper()}»\n".encode())
    assert await image_from_clipboard({}, "darwin", run, find) == Found(PNG)
    run, find, _ = tools(osascript=b"")
    with pytest.raises(NoImage, match="no picture"):
        await image_from_clipboard({}, "darwin", run, find)


async def test_inside_windows_its_own_shell_is_asked() -> None:
    environ = {"WSL_DISTRO_NAME": "Ubuntu", **WAYLAND}
    run, find, _ = tools(powershell=base64.b64encode(PNG))
    assert await image_from_clipboard(environ, "linux", run, find) == Found(PNG)
    run, find, _ = tools(powershell=b"!")
    with pytest.raises(NoImage, match="no picture"):
        await image_from_clipboard(environ, "linux", run, find)


@pytest.mark.parametrize("script", ["exit 1", "printf half; exit 3", "exec cat /dev/zero"])
async def test_a_tool_that_fails_or_never_ends_gives_nothing(
    script: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduit_tui.tui.clipboard_image.MOST_BYTES", 100_000)
    tool = tmp_path / "xclip"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NoImage):
        await image_from_clipboard(X11, "linux")


async def test_a_real_tool_is_run(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "png").write_bytes(PNG)
    tool = tmp_path / "xclip"
    tool.write_text(
        f'#!/bin/sh\ncase "$*" in *TARGETS) echo image/png;; *) cat {tmp_path}/png;; esac\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert await image_from_clipboard(X11, "linux") == Found(PNG)


def system_gives(monkeypatch: pytest.MonkeyPatch, given: object) -> None:
    """Have the system's own clipboard, which pillow asks, give something or fail."""

    def grab() -> object:
        if isinstance(given, Exception):
            raise given
        return given

    monkeypatch.setattr(ImageGrab, "grabclipboard", grab)


async def test_elsewhere_the_system_gives_a_picture_or_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system_gives(monkeypatch, Image.new("RGB", (3, 2)))
    found = await image_from_clipboard({}, "win32")
    assert image_size(found.data) == (3, 2)

    system_gives(monkeypatch, ["C:/a.png"])
    assert await image_from_clipboard({}, "win32") == Found(paths=("C:/a.png",))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "There is no picture in the clipboard."),
        (OSError("locked by another."), r"cannot be read \(locked by another\); /attach a file"),
        (NotImplementedError("no tool"), r"cannot be read \(no tool\); /attach a file"),
    ],
)
async def test_elsewhere_a_clipboard_that_fails_is_no_empty_one(
    given: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system_gives(monkeypatch, given)
    with pytest.raises(NoImage, match=words):
        await image_from_clipboard({}, "win32")
