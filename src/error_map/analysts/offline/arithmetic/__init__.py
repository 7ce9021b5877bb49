"""Arithmetic in free text: tokens, expressions, equations, and which are false."""
