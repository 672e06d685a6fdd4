"""Figures: each module judges one thing with the very objects that the product runs, and returns one dict."""
