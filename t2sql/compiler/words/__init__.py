"""Text to a request: what may be written, and what each name and condition means in the narrowed catalog."""
