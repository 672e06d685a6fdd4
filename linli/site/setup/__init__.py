"""An adopter's district from one xlsx. `sheets` says what the file holds and `template` writes an empty one; `reading`
turns cells into texts, `values` texts into values, `places` and `staff` check the rows against each other and against
what is there, and write by the actions; `run.load` is all of it in one transaction: every wrong row is named, or all is in.
"""
