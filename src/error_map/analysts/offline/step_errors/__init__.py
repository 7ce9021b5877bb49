"""False steps of a working, and whether they explain the wrong answer."""
