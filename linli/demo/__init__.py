"""The demo district: a named cast, thirty days of past, and a gentle simulator. All of it through actions only.

1. `places` and `people` hold the cast as data: nobody in it is real, codes begin with 99, numbers with 190-0000
2. `cast.load()` writes it by the actions, `cast.find()` reads the same mapping from a database
3. `past.make_past(days=30)` lives through thirty days under a frozen clock
4. `simulator.run(stop_event)` lets groups talk and staff work while the demo serves
5. `start.prepare()` does what is missing and prints where to look and whom to log in as
"""
