"""The parts of the retriever: `reading` (a text's features), `block` (what is searched), `weights` (what was learned),
`learning` (how it is learned, in a process of its own)."""
