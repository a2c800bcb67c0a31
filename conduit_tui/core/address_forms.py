"""The grammar of addresses as help shows it."""

ADDRESS_FORMS = (
    ("1f3a9c", "the message whose id begins so; at least four digits"),
    ("@best", "the message with the label best; best alone will do"),
    ("@", "the current leaf: where one is"),
    ("@^", "what is right above; @~3 is three above"),
    ("@^2", "its second sibling, in order of creation"),
    (":/text", "the newest message that holds text"),
    ("a..b", "the path from a to b; an end left out is @"),
)
"""Each form with what it names."""

STEPS_WORDS = "^ and ~ follow any id or label, and each other: 1f3a9c~2^1."


def forms_in_lines() -> str:
    """The grammar as lines of plain text."""
    width = max(len(form) for form, _ in ADDRESS_FORMS)
    return "\n".join(f"{form.ljust(width)}  {words}" for form, words in ADDRESS_FORMS)
