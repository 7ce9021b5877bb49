"""Logs of evaluation tools: recognised by their content, and read sample by sample."""
