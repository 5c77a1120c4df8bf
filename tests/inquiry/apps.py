from django.apps import AppConfig


class InquiryConfig(AppConfig):
    name = "tests.inquiry"
    label = "inquiry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tests.inquiry import lifecycle  # noqa: F401  (registers the case type)
