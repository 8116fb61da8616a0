"""From scores to verdicts: tidy tables, statistics, and the claims of the papers."""
