"""Clauses and procedures: what the standard says, as versioned data. Kinds of matters with their limits; an order
keeps the procedure version it was opened under. `selectors.procedure_for(kind)` gives the one in force.

The library: a standard is drafted (`actions/library.py: draft_document`, `revise_document`), its clauses are written
(`save_clause`), a second person reads it (`submit_document`, `return_document`, `approve_document`), from its day it is in
force (`start_documents`) and everybody reads it (`shelf.clause`). The texts that come with it: data/library."""
