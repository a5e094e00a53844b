"""Files become Documents (pages of text with their place in the file), and Documents become Passages."""
