-- What tools may do, what they did to files, and the skills of a session.

ALTER TABLE sessions ADD COLUMN skills TEXT;   -- JSON list of names; NULL: none
ALTER TABLE sessions ADD COLUMN has_read_files INTEGER NOT NULL DEFAULT 0;

-- A person's answers that last: for a session, or, without one, always.
CREATE TABLE permission_rules (
  seq INTEGER PRIMARY KEY,
  session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE,
  verdict TEXT NOT NULL,
  tool TEXT NOT NULL,
  pattern TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE UNIQUE INDEX permission_rules_once
  ON permission_rules (coalesce(session_id, ''), verdict, tool, pattern);

-- What a file held before a tool wrote to it, and after.
CREATE TABLE file_changes (
  seq INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  before_sha256 TEXT REFERENCES blobs (sha256),   -- NULL: there was no such file
  after_sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  changed_at TEXT NOT NULL,
  reverted_at TEXT
);

CREATE INDEX file_changes_by_session ON file_changes (session_id);
CREATE INDEX file_changes_by_before ON file_changes (before_sha256);
CREATE INDEX file_changes_by_after ON file_changes (after_sha256);
