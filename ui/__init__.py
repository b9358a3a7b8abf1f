"""The page: Streamlit, thin over `Agent.steps`. No business rule lives here."""
