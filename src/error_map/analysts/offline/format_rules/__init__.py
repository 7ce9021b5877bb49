"""Explicit format rules in a prompt, and whether an output follows them."""
