"""File names as text that can be mistaken for nothing else.

Names may hold line breaks, escape sequences and bytes that are no text. Such a name is quoted, in
the manner of git: `"a\\nb"`, `"caf\\351"`.
"""

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def shown(path: bytes, before_colon: bool = False) -> str:
    """A path as it is shown; `before_colon`: text follows, behind a colon."""
    text = path.decode("utf-8", errors="surrogateescape")
    is_plain = text.isprintable() and not text.startswith('"') and text == text.strip()
    if is_plain and not (before_colon and ":" in text):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8
        return f"\\{code - 0xDC00:03o}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())
