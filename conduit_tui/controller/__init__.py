"""What a front end may ask for; the only writer of the store."""
