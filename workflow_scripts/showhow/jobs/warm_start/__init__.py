"""Stages that start in a process that has imported the libraries already."""
