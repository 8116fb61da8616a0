"""Reading the user's own data."""
