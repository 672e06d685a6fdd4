"""What a resident sees: home, her groups' talk, her matters, 随手报, questions, sign-in. Phone first, 长辈版 throughout.

`mine` knows which members she is; `lines` turns messages into what a template draws; `matters` tells the plain steps of
her orders; `words` takes text, voice and photos in; `talk`, `reports`, `asking`, `matters_web`, `links`, `home`,
`signing` are the pages.
"""
