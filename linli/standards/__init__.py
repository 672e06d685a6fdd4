"""Clauses and procedures: what the standard says, as versioned data. Kinds of matters with their limits; an order
keeps the procedure version it was opened under. `selectors.procedure_for(kind)` gives the one in force."""
