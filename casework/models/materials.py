"""Materials: the papers and photos of a case, as acts bring them in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.records import Record
from casework.models.sealing import SealedBytesField, SealedField


class Material(Record):
    """One uploaded paper or photo: what it is, and which bytes; never the bytes.

    `content` is given when it is made, and goes into the row of its own beside it.
    """

    #: Which paper it is: a code of the procedure's required papers, or of its own.
    code = models.CharField(_("材料种类"), max_length=40)
    title = models.CharField(_("材料名称"), max_length=100)
    #: Names of files name people.
    file_name = SealedField(_("文件名"))
    content_type = models.CharField(max_length=40)
    size = models.IntegerField()
    #: The digest of the bytes, in hexadecimal; the act's data names it too.
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    #: The material that has the bytes, where one scan decided several cases.
    same_as = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)

    #: The bytes, while it is being made.
    content: bytes = b""

    def __str__(self) -> str:
        return self.title

    @property
    def sealed_content(self) -> bytes | None:
        """The bytes as their own row keeps them; None when they are kept already."""
        if self.same_as_id is not None:
            return None
        row = MaterialContent(material=self)
        row.content = self.content
        return bytes(row.__dict__["content"])


class MaterialContent(models.Model):
    """The bytes of a material, sealed; written with it and never changed."""

    material = models.OneToOneField(
        Material, models.PROTECT, primary_key=True, related_name="kept"
    )
    content = SealedBytesField(_("内容"))

    def __str__(self) -> str:
        return str(self.material_id)
