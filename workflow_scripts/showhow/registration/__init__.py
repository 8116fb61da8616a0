"""What is settled before the data: what a study asks, by which criteria, and what it can find."""
