"""The desk over the knowledge base: entries, the departments' queues, local facts, tables out and in."""
