"""REST of files: a photo is kept before the word or result that it belongs to; it is read where that is read."""

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from linli.files.actions import store_upload
from linli.files.models import Blob
from linli.kernel.errors import Forbidden
from linli.kernel.rest import PROBLEMS, actor

router = Router(tags=["files"])


class PhotoOut(Schema):
    """A kept photo: upright, without what the camera wrote into it. The same content gives the same id."""

    id: UUID
    width: int | None
    height: int | None


@router.post("/photos", response={201: PhotoOut, **PROBLEMS}, operation_id="keep_photo")
def keep_photo(request: HttpRequest, photo: UploadedFile = File(...)) -> Status[Blob]:
    """Keep a photo (JPEG, PNG, WebP; multipart/form-data). Its id goes with a find, an opinion, a message or a step's result."""
    by = actor(request)
    if by.kind not in ("worker", "resident"):
        raise Forbidden()
    return Status(201, store_upload(by, photo, kinds=("image",)))
