"""From what was retrieved to a draft: grammar, prompt, and the llm behind one small seam."""
