"""The forms as workbooks: issued, prefilled, given back."""
