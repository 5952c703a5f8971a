"""Values and findings from fields."""
