"""What `linli doctor` looks at. Each check gives findings: what was seen, and what to do about it. Nothing is changed."""
