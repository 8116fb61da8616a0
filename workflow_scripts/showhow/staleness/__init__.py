"""What makes a result out of date, and how that is said."""
