"""The dataset for other programs."""
