"""The steps of a working, and how they differ from the steps of right workings."""
