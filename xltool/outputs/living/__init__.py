"""Workbooks that live on: ours renewed, a person's kept."""
