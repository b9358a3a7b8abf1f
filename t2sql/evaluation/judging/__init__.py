"""One record against one case: equal or not, and why not."""
