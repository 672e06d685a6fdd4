"""The parts of the retriever: `reading` and `alike` (a text's features), `block` (what is searched), `trust` (how surely the
first hit is meant), `weights` (what was learned); `learning`, `descent` and `honesty` (how, in a process of its own)."""
