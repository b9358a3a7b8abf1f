"""SELECT … FROM a dataset: its rows, and aggregates over fields that nobody signed."""
