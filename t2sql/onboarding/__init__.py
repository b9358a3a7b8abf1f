"""From a database without a semantic model to a drafted catalog: survey, draft, review.

What is guessed here carries its reason and a score, and a person decides; nothing here may write to the database.
"""
