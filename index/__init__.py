"""Documents and Passages become the library on disk: a catalogue (SQLite) and vectors (Chroma), and search over both."""
