"""The shipped settings of each plan year, as dated values."""
