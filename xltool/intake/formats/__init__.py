"""Cells from files: one reader for each format."""
