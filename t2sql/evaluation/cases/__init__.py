"""Questions with right answers: their files, their golds, and the tools to write them."""
