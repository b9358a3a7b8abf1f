"""The catalog as rows to list: its dates are fields like any other.

A drafted table has no signed sense of time; a question that lists its fields means all rows that it holds, not the latest
load. Never used for metrics, whose periods and stocks need their dates.
"""

from __future__ import annotations

from dataclasses import replace

from t2sql.catalog import Catalog


def undated(catalog: Catalog) -> Catalog:
    """`catalog` with no dataset dated, so that SQL over its rows may ask without a period."""
    datasets = {
        name: replace(dataset, time_dimension="", snapshot_grain=None, row_grain=None, load_calendar=None)
        for name, dataset in catalog.datasets.items()
    }
    return replace(catalog, datasets=datasets)
