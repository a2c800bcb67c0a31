-- What is done to a session's tree: marks on messages, branches out of sight, and a journal of it.

ALTER TABLE messages ADD COLUMN copy_of TEXT;  -- the message it was copied from

CREATE TABLE marks (
  message_id TEXT NOT NULL PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  session_id TEXT NOT NULL,
  label TEXT,
  starred_at TEXT,
  note TEXT NOT NULL DEFAULT '',
  absent TEXT,                                 -- why it and all below it are out of sight
  absent_since TEXT,
  visited_at TEXT                              -- when it was the leaf last
);

CREATE INDEX marks_by_label ON marks (session_id, label);
CREATE INDEX marks_to_be_seen ON marks (session_id)
WHERE label IS NOT NULL OR starred_at IS NOT NULL OR note <> '' OR absent IS NOT NULL;
CREATE INDEX marks_by_star ON marks (starred_at) WHERE starred_at IS NOT NULL;

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  kind TEXT NOT NULL,                          -- do, undo, redo, restore
  words TEXT NOT NULL,
  changes TEXT NOT NULL,                       -- JSON list
  inverse TEXT NOT NULL,                       -- JSON list
  of_id TEXT                                   -- the step that was undone or redone
);

CREATE INDEX journal_by_session ON journal (session_id, seq);
