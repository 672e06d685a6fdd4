"""What people decided about words, and the models that were learned from it.

The verb that decides keeps an example in its own transaction (`examples.keep`) → when enough are new, or somebody presses,
`train_model` starts a child process that learns and tries the result on the golden set → `judge_model` promotes it where
it is no worse, or refuses it with reasons → every process reads the model in use at its next words → `back_model` goes
back to the one before.
"""
