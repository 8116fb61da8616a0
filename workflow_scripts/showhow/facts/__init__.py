"""Synthetic facts: a made-up world of subjects, relations and objects, and how it is worded."""
