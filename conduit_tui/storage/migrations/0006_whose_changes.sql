-- The message whose call changed a file: what is kept of the file is erased with that message.

ALTER TABLE file_changes ADD COLUMN message_id TEXT;   -- NULL: from before this was kept
