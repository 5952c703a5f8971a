"""Workbooks that are lists: the reward roster, what was issued."""
