"""The parts every page is drawn with."""
