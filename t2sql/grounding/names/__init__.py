"""The catalog's own names: metrics, dimensions, comparisons."""
