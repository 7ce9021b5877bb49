"""Tool calls: parsed from outputs, references and prompts, and compared."""
