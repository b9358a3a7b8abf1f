"""One answer as a page shows it: what its parts need to know, and nothing that they could decide."""

from __future__ import annotations

from dataclasses import dataclass

from t2sql.catalog import Language
from t2sql.flow import Answer
from ui.frame import Visit
from ui.words import Words


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer in its place."""

    answer: Answer
    visit: Visit
    key: str
    """Tells this place from others on the page."""

    @property
    def language(self) -> Language:
        """Of the question, which its answer keeps."""
        return self.answer.question.language

    @property
    def words(self) -> Words:
        """The page's words in the question's language."""
        return Words(self.language)
