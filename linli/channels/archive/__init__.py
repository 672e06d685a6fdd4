"""Years of old orders in .xlsx, .xls and .csv, filed as history. `book` gives rows of any of the three with merged cells filled,
`headers` finds the heading of a sheet (one to three rows), `mapping` says which columns mean what, `cells` reads a value or
refuses it, `rows` makes an old order of a line or says what is wrong with it; `linli.channels.actions` files them."""
