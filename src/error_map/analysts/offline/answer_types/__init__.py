"""Kinds of answer: multiple choice, words or formulas, the whole written answer."""
