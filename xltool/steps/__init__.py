"""The use cases of a year: what comes after what."""
