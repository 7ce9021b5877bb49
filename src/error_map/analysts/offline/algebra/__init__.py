"""Formulas, polynomials and chains of equalities in free text."""
