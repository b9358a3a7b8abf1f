"""Boards: pinned answers that are looked at together and refreshed together."""
