"""What a person calls, by hand or through make."""
