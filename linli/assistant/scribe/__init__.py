"""The scribe: an optional OpenAI-compatible endpoint that may say an answer more simply and guess fields of a word that
小栖 did not understand. Off unless LINLI_SCRIBE_URL is set, and nothing ever waits for it.

`client.ask` is one request with a hard end → `facts.changed` holds every reworded text against its source →
`tasks` say what is sent (nothing personal) and what is believed of what comes back. `linli.assistant.errands` runs it.
"""
