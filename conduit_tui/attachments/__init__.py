"""Files that go along with a message, made fit for being sent."""
