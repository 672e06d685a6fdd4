"""Files of messages (JSON lines or CSV, also .gz), row by row and with flat memory.

The life of a file: `source.Source` (bytes → lines of text, whatever the encoding) → `rows.read` (lines → rows or errors
that name their line) → `store.check` (groups known? too old? which rows are alike?) → `store.store` (batches of 100
through `groups.receive`). Nothing is stored before the whole file was checked.
"""
