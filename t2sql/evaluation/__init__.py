"""Many questions at once, and how right their answers are: batch, cases, scoring, reports, gates.

Answers come from an Agent; gold comes from the authors of cases. Nothing here writes to a bank's database.
"""
