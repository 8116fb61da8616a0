"""Facts, and how they are stated and asked for."""
