"""Typed errors: `code` for machines, `message` in plain Chinese for people, `status` for HTTP."""


class LinliError(Exception):
    """Base of every error that a person or a client may see. Nothing is changed when it is raised."""

    code = "error"
    status = 400
    message = "没有办成，请再试一次。"

    def __init__(self, message: str | None = None, code: str | None = None):
        self.message = message or type(self).message
        self.code = code or type(self).code
        super().__init__(self.message)


class BadInput(LinliError):
    """What was sent cannot be used."""

    code, status, message = "bad_input", 400, "填写的内容有误，请检查后再提交。"


class NotFound(LinliError):
    """The thing does not exist, or this actor may not know that it does."""

    code, status, message = "not_found", 404, "没有找到，或者您没有权限查看。"


class Forbidden(LinliError):
    """The actor may see the thing but not do this."""

    code, status, message = "forbidden", 403, "您没有办理这一步的权限。"


class WrongState(LinliError):
    """The verb does not apply in the thing's present state."""

    code, status, message = "wrong_state", 409, "这件事现在不在这一步，请刷新后再看。"


class Conflict(LinliError):
    """Somebody else was first, or the same key carried something else."""

    code, status, message = "conflict", 409, "刚才有人先办了这一步，请刷新后再看。"


class TooMany(LinliError):
    """A hard limit of size or rate; the caller keeps the text."""

    code, status, message = "too_many", 429, "发得太快了，请稍等一会儿再发。您写的内容还在。"
