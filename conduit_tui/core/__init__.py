"""Plain values of the conversation: nothing here awaits or opens a file."""
