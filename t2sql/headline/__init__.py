"""The one sentence above an answer: its headline number in readable units, by template, never by the llm.

It tells what stands in the rows and compares two of them; it never adds rows up, and says nothing but how many there
are where some were cut.
"""

from t2sql.headline.telling import tell_headline

__all__ = ["tell_headline"]
