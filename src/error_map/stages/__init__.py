"""The four stages: selection, diagnosis, induction, assignment; each a function over values."""
