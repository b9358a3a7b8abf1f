"""Time: literals and conditions as days, what is loaded, which periods are shown, and the days behind every number."""
