"""Account: who signs in, staff or resident; it knows no place. A resident gets one by joining a group; a phone number
is proved by a code (`actions.send_phone_code`, `actions.prove_phone`) only when wanted; staff come by one-time link."""
