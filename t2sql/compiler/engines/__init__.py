"""One physical tree, written for each engine."""
