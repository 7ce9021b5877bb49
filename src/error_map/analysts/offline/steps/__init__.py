"""The steps of a working, compared with the steps of right workings."""
