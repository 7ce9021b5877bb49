"""Routes to a final answer: functions from an output to the answer it states."""
