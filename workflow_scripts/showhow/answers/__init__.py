"""How an answer is read out of a text, and when two are the same."""
