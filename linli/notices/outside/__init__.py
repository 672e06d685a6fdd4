"""Notices on their way outside the product, for who chose it: mail and text message.

`actions.owe` writes what has to go, once per (notice, channel) and once per (person, channel, day) of a digest;
`actions.take` marks one as taken, in a statement of its own, *before* anybody outside is called; `actions.settle` says what came of it.
So it goes out **at most once**: when the process dies after `take`, or the line breaks after the letter was handed over, it stays
`UNSURE` and is not sent again; the notice stands at the desk all the same. It is tried again only where the other side surely
did not take it. What is said is put together above, in `linli.channels.outside`.
"""
