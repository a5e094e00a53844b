"""A question becomes a search, and what the search finds becomes an Answer whose every statement is cited."""
