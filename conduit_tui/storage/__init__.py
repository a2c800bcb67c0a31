"""The SQLite file: sessions, drafts, usage."""
