"""The model side; knows nothing of stages."""
