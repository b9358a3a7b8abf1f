"""Numbers that bound, limit or order an answer."""
