"""Finds skills and reads them; what they say is never obeyed here."""
