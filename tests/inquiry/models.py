"""What only an inquiry knows."""

from django.db import models

from casework.models import Case


class InquiryDetails(models.Model):
    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="inquiry_details"
    )
    question = models.TextField()
    was_asked = models.BooleanField(default=False)
    missing = models.JSONField(default=list)
    answer = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.question
