"""Pictures of the quality page."""
