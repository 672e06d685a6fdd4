"""Public opinion: ten databases (category × place × day) that fill themselves. Reads other rooms, writes only its own
roll-ups: an event marks its cell dirty, `actions.refresh_cells` counts the cell again from the orders themselves."""
