"""The workbook with buttons."""
