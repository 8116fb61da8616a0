"""The stages: one script for each rule."""
