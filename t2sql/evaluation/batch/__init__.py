"""Many questions asked at once, each record on disk the moment it is there."""
