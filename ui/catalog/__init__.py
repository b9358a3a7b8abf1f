"""The catalog on the page: the list, one entry, its picture."""
