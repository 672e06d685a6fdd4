"""In-app messages to staff and residents, and the one-way SMS and mail interfaces.

1. A consequence or a clock calls `actions.notify` with account ids, a kind of `texts` and a dedupe key: each step once.
2. In the quiet hours (`quiet`, LINLI_QUIET) what is not urgent waits until they end: `not_before`.
3. The person reads `selectors.inbox`; the door looks labels up and renders `texts.render(kind, …)`.
4. `actions.mark_read` ends it; other people never see it.
`sms.send_code` sends a phone code outside. `outside` is what a person chose besides the desk: mail or text message.
"""
