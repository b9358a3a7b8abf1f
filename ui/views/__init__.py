"""The pages, in the order of the navigation. Each module has `draw(visit)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui.frame import Visit
from ui.views import ask, boards, catalog, guide, history, quality, review


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation; its title is the word `page_` + name."""

    name: str
    """Its place in the address."""
    icon: str
    draw: Callable[[Visit], None]
    is_open_to: Callable[[Visit], bool] = lambda visit: True


PAGES: tuple[Page, ...] = (
    Page("ask", ":material/chat:", ask.draw),
    Page("history", ":material/history:", history.draw),
    Page("boards", ":material/dashboard:", boards.draw),
    Page("catalog", ":material/menu_book:", catalog.draw),
    Page("review", ":material/fact_check:", review.draw, review.is_reviewer),
    Page("quality", ":material/monitoring:", quality.draw, review.is_reviewer),
    Page("guide", ":material/help:", guide.draw),
)
