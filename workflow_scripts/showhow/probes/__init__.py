"""Probes: what is measured of a base model before fine-tuning, and again after it."""
