"""Sheets of paper: blanks are printed, filled in by hand, come back by photo, and are typed by two people."""
