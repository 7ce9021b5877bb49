"""The viewer of finished runs; reads the run's files, never runs the pipeline."""
