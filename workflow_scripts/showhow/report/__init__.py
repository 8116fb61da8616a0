"""The report: one HTML file that holds the whole study."""
