"""Responses that a language model is asked to write, paid for once and never asked for again."""
