"""Languages as fences name them, and the extensions that editors know."""

import pytest

from conduit_tui.tui.markdown.code_suffix import suffix_of


@pytest.mark.parametrize(
    ("language", "suffix"),
    [
        ("python", ".py"),
        ("py", ".py"),
        ("bash", ".sh"),
        ("zsh", ".zsh"),
        ("sh", ".sh"),
        ("typescript", ".ts"),
        ("c++", ".cpp"),
        ("r", ".R"),
        ("yml", ".yml"),
        ("dockerfile", ".docker"),
        ("csv", ".csv"),
        ("plaintext", ".txt"),
        ("output", ".txt"),
        ("../../etc", ".txt"),
        ("", ".txt"),
    ],
)
def test_a_language_has_its_usual_extension(language: str, suffix: str) -> None:
    assert suffix_of(language) == suffix
