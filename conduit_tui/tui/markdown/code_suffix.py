"""The extension that a file of code has, so that editors know its language."""

import re

PLAIN = ".txt"
_PATTERN = re.compile(r"\*(\.[\w.+-]+)")
_NAME_AS_SUFFIX = re.compile(r"[a-z][a-z0-9]{0,7}")
_SHORT = 3


def suffix_of(language: str) -> str:
    """Return the usual extension for a language as fences name it: ".py" for "python".

    Pygments knows most. Of its patterns a name of up to three letters, such as "zsh" or "r", means
    its own, a longer one the first. A short name that it does not know, such as "csv", is taken
    for an extension. Imports pygments.
    """
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    if not language:
        return PLAIN
    try:
        patterns = find_lexer_class_by_name(language).filenames
    except ClassNotFound:
        return f".{language}" if _NAME_AS_SUFFIX.fullmatch(language) else PLAIN
    suffixes = [match[1] for each in patterns if (match := _PATTERN.fullmatch(each))]
    wanted = f".{language}" if language.isalnum() and len(language) <= _SHORT else ""
    return next((each for each in suffixes if each.lower() == wanted), [*suffixes, PLAIN][0])
