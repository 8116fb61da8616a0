"""Showhow: what the text of fine-tuning data does to a language model."""
