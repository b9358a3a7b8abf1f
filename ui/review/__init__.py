"""One question under review: what was answered, what it should be, and what is done about it."""
