-- What stands in which message, for searching: tokens of `search_text.py`, and no places of them.

CREATE VIRTUAL TABLE message_index USING fts5 (
  words,
  content = '',                                -- they are in `messages`
  columnsize = 0,
  detail = none,                               -- which messages have a token, not where in them
  prefix = '2 3',
  tokenize = "ascii tokenchars '+#@$%&<=>^|~'"
);

-- Much at once: larger pieces make fewer of them, which are merged more quickly.
INSERT INTO message_index (message_index, rank) VALUES ('hashsize', 67108864);
INSERT INTO message_index (rowid, words) SELECT seq, indexed_words(text, parts) FROM messages;
INSERT INTO message_index (message_index, rank) VALUES ('hashsize', 1048576);

CREATE INDEX messages_by_time ON messages (created_at);
CREATE INDEX messages_cut_short ON messages (status) WHERE status <> 'complete';
CREATE INDEX marks_of_absence ON marks (session_id) WHERE absent IS NOT NULL;
