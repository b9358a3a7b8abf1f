"""From a typed question to its end: the conversation on the page."""
