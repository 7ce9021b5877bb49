"""Models: the engine protocol, LiteLLM, and wrappers for caching, budgets, retries and limits."""
