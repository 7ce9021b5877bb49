"""Routes to a final answer: functions from an output to its answer."""
