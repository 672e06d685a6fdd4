"""The parts of the retriever: `reading` and `alike` (a text's features), `block` (what is searched), `trust` (how surely the
first hit is meant), `weights` (what was learned); `learner` begins the process in which `learning`, `descent` and `honesty` do that."""
