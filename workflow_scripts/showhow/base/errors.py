"""The one kind of error that is meant for the user."""


class ShowhowError(Exception):
    """Something the user can mend. The message is a sentence: what, where, what to do."""
