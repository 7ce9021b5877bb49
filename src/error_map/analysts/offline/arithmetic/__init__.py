"""Arithmetic in free text: tokens, expressions, equations and which of them are false."""
