"""Worker processes that examine failures in parallel, and their messages."""
