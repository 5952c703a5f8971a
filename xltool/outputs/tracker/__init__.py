"""The year's tracker: what stands on each of its sheets."""
