"""Tables of evaluation results: one module per format."""
