"""The desk over places: `places` (areas, buildings with their lift codes, organisations, posts) and `roster`."""
