"""Open311 GeoReport v2: what other cities' software speaks, in XML and JSON, for requests, tokens and updates."""
