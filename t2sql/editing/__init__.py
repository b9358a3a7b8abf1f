"""What writing semantic SQL by hand needs: words to complete, the place of a mistake, and what a change changed."""
