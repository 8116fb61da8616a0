"""Data sets of the user's own: files read, joined, cleaned, and every loss counted."""
