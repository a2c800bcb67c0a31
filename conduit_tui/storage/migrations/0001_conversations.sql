-- Sessions, their trees of messages, and what has to outlive a crash.
-- Times are ISO 8601 in UTC with microseconds, so they sort as text. Money is decimal text.

CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL DEFAULT '',
  title_is_manual INTEGER NOT NULL DEFAULT 0,
  leaf_id TEXT,
  system_prompt TEXT,
  model TEXT,
  tools TEXT,                           -- JSON list of names; NULL: the usual ones
  pinned INTEGER NOT NULL DEFAULT 0,
  message_count INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  deleted_at TEXT,                      -- set: in the trash
  source TEXT,                          -- the program it was imported from, and its id there
  source_id TEXT
);

CREATE UNIQUE INDEX sessions_by_source ON sessions (source, source_id);
CREATE INDEX sessions_by_age ON sessions (deleted_at, pinned DESC, updated_at DESC);

-- Rows are only ever added; `seq` is the order of commits. The long columns come last, so that
-- reading the others does not read them.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id),
  predecessor_seq INTEGER REFERENCES messages (seq),
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at TEXT NOT NULL,
  provider TEXT,
  model TEXT,
  usage TEXT,                           -- JSON
  cost_usd TEXT,
  duration_seconds REAL,
  stop TEXT,
  size_characters INTEGER NOT NULL,     -- of `text`
  newlines INTEGER NOT NULL,            -- in `text`
  error TEXT,
  params TEXT,                          -- JSON; NULL: every default
  provider_data TEXT,                   -- JSON
  parts TEXT NOT NULL,                  -- JSON; a text part holds the length of its share of `text`
  text TEXT NOT NULL                    -- the text parts, joined
);

CREATE INDEX messages_by_session ON messages (session_id);
CREATE INDEX messages_by_predecessor ON messages (predecessor_seq);

CREATE TABLE blobs (
  sha256 TEXT NOT NULL PRIMARY KEY,
  data BLOB NOT NULL
);

CREATE TABLE message_blobs (
  message_seq INTEGER NOT NULL REFERENCES messages (seq),
  sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  PRIMARY KEY (message_seq, sha256)
) WITHOUT ROWID;

CREATE INDEX message_blobs_by_blob ON message_blobs (sha256);

-- A reply that is being streamed, by the process that streams it; gone when it is committed.
CREATE TABLE drafts (
  message_id TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  predecessor_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  params TEXT,
  started_at TEXT NOT NULL,
  owner TEXT NOT NULL                   -- host:pid:start of that process
);

CREATE INDEX drafts_by_session ON drafts (session_id);

CREATE TABLE draft_deltas (
  seq INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES drafts (message_id) ON DELETE CASCADE,
  appended_at TEXT NOT NULL,
  events TEXT NOT NULL                  -- JSON list
);

CREATE INDEX draft_deltas_by_message ON draft_deltas (message_id);

-- What was used stays counted when its session is erased, so nothing refers to sessions here.
CREATE TABLE usage_events (
  seq INTEGER PRIMARY KEY,
  created_at TEXT NOT NULL,
  session_id TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  provider TEXT,
  model TEXT,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  cost_usd TEXT                         -- NULL: not known
);

CREATE INDEX usage_events_by_time ON usage_events (created_at);

-- The unsent text of each session's prompt.
CREATE TABLE prompt_drafts (
  session_id TEXT NOT NULL PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  text TEXT NOT NULL
);

CREATE TABLE prompt_attachments (
  session_id TEXT NOT NULL REFERENCES prompt_drafts (session_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  name TEXT NOT NULL,
  provider_data TEXT,
  sha256 TEXT NOT NULL REFERENCES blobs (sha256),
  PRIMARY KEY (session_id, position)
) WITHOUT ROWID;

CREATE INDEX prompt_attachments_by_blob ON prompt_attachments (sha256);

CREATE TABLE prompt_history (
  seq INTEGER PRIMARY KEY,
  text TEXT NOT NULL
);

CREATE TABLE state (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
