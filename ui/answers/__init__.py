"""What an answer shows: figures, picture, proof, and what a person can do with them."""
