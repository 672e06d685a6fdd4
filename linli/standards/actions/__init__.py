"""The only writer of standards; the library's verbs stand in `library.py`."""
