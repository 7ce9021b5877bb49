"""The LLM analyst: prompts, answer schemas, structured output and quotes."""
