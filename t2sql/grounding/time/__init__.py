"""Words of time to period literals and grains."""
