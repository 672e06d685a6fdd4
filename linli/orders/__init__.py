"""An order: a resident's word that has become a deed.

1. `actions.opening.open_orders` — number, responsible person from the roster, two clocks (*answered*, *solved*)
2. `actions.voices.add_voices` — more people say the same; `remove_voice` takes one out again
3. `actions.working` — accept, note, answer, transfer, return, correct, handle: what the responsible person does
4. `actions.ending.rate_order` — each voice rates; 没解决 reopens twice, then `send_to_review`; `close_unrated`
5. `actions.warning.advance_clocks` — lights and the ladder: reminder, community head, street
6. every step is one event; `stories` carry results back to the group. `orders` never imports `groups`.
"""
