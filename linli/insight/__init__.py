"""Public opinion: ten databases (category × place × day) that fill themselves. Reads other rooms, writes only its own
roll-ups: an event marks the day of its order, `actions.refresh_cells` counts that day's cells again from the orders themselves."""
