-- What is asked of models beside words, what they cost, and replies kept to be given again.

ALTER TABLE sessions ADD COLUMN params TEXT;    -- JSON; NULL: the usual ones

ALTER TABLE usage_events ADD COLUMN host TEXT;  -- where the request went; NULL: not known
ALTER TABLE usage_events ADD COLUMN is_estimated INTEGER NOT NULL DEFAULT 0;

CREATE TABLE cached_replies (
  key TEXT NOT NULL PRIMARY KEY,                -- of the request as it would be sent
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  hits INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL,                  -- of `events`
  events TEXT NOT NULL                          -- JSON list
);

CREATE INDEX cached_replies_by_age ON cached_replies (recorded_at, size_bytes);
