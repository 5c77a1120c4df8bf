"""Files as they arrive: kept in memory up to the limits; of the rest only the size."""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from casework.domain.materials import LARGEST_FILE, LARGEST_FORM, MEGABYTE
from casework.services.materials import Dropped

#: Bytes of a request whose body is read to its end, so that what was typed comes back.
LARGEST_REQUEST = 200 * MEGABYTE


class BoundedUploadHandler(FileUploadHandler):
    """Keeps what a form may take in, and lets the rest pass by without keeping it.

    Nothing touches the disk: uploads are personal data. A stranger's files are not kept
    at all.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, *_: Any, **__: Any
    ) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("the request is larger than LARGEST_REQUEST")
        user = getattr(self.request, "user", None)
        self._left = LARGEST_FORM if user and user.is_authenticated else 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._kept: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._kept is None:
            return
        size = len(raw_data)
        if start + size > LARGEST_FILE or size > self._left:
            self._left += self._kept.tell()
            self._kept = None
        else:
            self._kept.write(raw_data)
            self._left -= size

    def file_complete(self, file_size: int) -> UploadedFile:  # type: ignore[type-arg]
        if self._kept is None:
            return Dropped(name=self.file_name, size=file_size)
        return InMemoryUploadedFile(
            self._kept,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            None,
        )
