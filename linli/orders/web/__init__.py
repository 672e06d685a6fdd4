"""The worker's desk over orders: `lists` (table, tree, export), `drawer` (one order, its sealed voices), `verbs` (what one
does with it), `paper` (print, who could know). Views are thin: parse, call an action or a selector, render."""
