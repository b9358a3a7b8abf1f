"""Metrics as aggregates of single facts: their sources, joins, bridges, rates, and the SELECT that aggregates each."""
