"""The editor of semantic SQL: one component of this page, its script and style beside it, nothing fetched."""
