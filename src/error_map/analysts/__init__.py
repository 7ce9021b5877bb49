"""Who does the thinking, behind one protocol; a worker process loads only what it needs."""
