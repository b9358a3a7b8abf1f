"""Dimension values: found, mistyped, unknown, in a role."""
