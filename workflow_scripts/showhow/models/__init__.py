"""Base models: the local ladder, its tokenizer and corpus; loading from hub or folder."""
