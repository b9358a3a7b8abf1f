"""Confidence fitted to questions with known answers: the drafts, whether they are right, the fit and its figures."""
