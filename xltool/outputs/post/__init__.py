"""Drafts of letters, and the calendar."""
