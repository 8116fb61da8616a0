"""Evaluation: generation, answer parsing, scoring of answers and steps."""
