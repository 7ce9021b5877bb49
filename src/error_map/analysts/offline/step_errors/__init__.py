"""False steps of a working, and whether they cause the wrong answer."""
