"""What an English question asks around a plain reading: parts, changes, ranks, running totals, things that have none.

Each module takes its words out of the question, has the rest read, and writes the SELECT of that reading anew.
"""
