"""The desk over the standards."""
