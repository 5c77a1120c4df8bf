"""The procedure of hardship aid as an application of the site."""

from django.apps import AppConfig


class HardshipAidConfig(AppConfig):
    """Registers the case types once the models are there."""

    name = "workflows.hardship_aid"
    label = "hardship_aid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the registry know the application and the file."""
        from workflows.hardship_aid import case_type, file_lifecycle  # noqa: F401
