"""The four stages as functions over values: selection, diagnosis, induction, assignment."""
