"""What an evaluation found, in figures, pages, files and gates."""
