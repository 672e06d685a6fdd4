"""Standards at the desk: `procedures` (list, one version, all drawn, its way into force), `editor` (its form), `rehearsing`
(what would happen), `library*` (documents and clauses)."""
