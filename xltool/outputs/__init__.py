"""What goes out: workbooks, documents, reports. Each module knows its own file format."""
