"""Word documents: Annex 3 and the papers for a meeting."""
