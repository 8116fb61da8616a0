"""What everything else stands on: files that appear whole, rows, hashes, errors in sentences."""
