"""What people and other programs read: the contract's files, the terminal's tables."""
