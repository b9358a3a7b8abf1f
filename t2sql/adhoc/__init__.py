"""Questions that no metric answers: the llm names fields and aggregates over them, code writes conditions and joins."""
