"""One file per wire format, each with the same functions in the same order."""
