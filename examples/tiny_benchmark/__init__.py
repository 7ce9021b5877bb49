"""A small benchmark with checkable answers: questions, prompts and graders."""
