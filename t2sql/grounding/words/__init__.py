"""Written forms and plain words: folding, looking words up, what is no content."""
