"""Follow-ups: a short text that changes what was answered before, as an edit of its semantic SQL; no llm takes part.

It keeps nothing between questions and opens nothing: earlier turns, the narrowed catalog and its grounding are passed
in, so that no turn can reach what its reader may not see now.
"""

from t2sql.conversation.cues import edits_question, is_reset, without_reset
from t2sql.conversation.following import Continued, continue_question
from t2sql.conversation.suggesting import phrases
from t2sql.conversation.telling import tell_begun_anew

__all__ = [
    "Continued",
    "continue_question",
    "edits_question",
    "is_reset",
    "phrases",
    "tell_begun_anew",
    "without_reset",
]
