"""Private blobs: pictures and voices, checked by content, encrypted, named by SHA-256, outside static.

1. `actions.store_upload` judges the bytes (`sniff`, `pictures`), writes the sealed file (`vault`), then the row.
2. The slice that wants it keeps the blob's id, and its `access` says who may see it; this floor knows no links.
3. `selectors.get_blob(id)` and `actions.read_blob(blob)` give it back to code,
4. `serve.blob_response(blob, name, viewer)` to a browser, after the owner's access check.
"""
