"""Final answers: which text of an output is the answer, learned per dataset."""
