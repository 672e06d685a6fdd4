"""Questions and answers with their source. `index.current()` is the retriever of this process; `actions.tell_useful`
counts 有用/没用. What is not known becomes an order of the procedure "question" (see `assistant`)."""
