"""People of the base data. A Person is not an Account and not a Member: `Link` rows tie them with evidence and period."""
