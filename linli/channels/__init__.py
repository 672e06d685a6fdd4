"""Adapters: words that come from elsewhere, made ready for `groups.actions.receive`. `relay` reads what a worker copied out
of a WeChat group that no bot may enter (text → lines → which are new); `bulk` reads files of messages, row by row.
The pages stand in `doors`, the command in `site`."""
