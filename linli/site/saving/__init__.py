"""Backup and restore. A backup is one folder that proves itself and holds no key.

1. `take.take` opens one snapshot of the database (`sqlite`, `postgres`), copies it, counts and hashes its rows (`canon`),
2. then copies the file of every blob row in that snapshot (`vaults`), and writes `manifest.json` (`manifest`),
3. `check.check` reads what was written back and compares; only then the folder gets its final name.
4. `give.give` puts it into an empty place, hashes again what lies there, and names the keys that are missing.
"""
