"""Plain text: truncation, endings, mentions, lists of numbers, shared words."""
