"""Tool calls: read out of outputs, references and prompts, and compared argument by argument."""
