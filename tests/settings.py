"""The site's settings, with the case type that only the tests have."""

from casework.conf.settings import *  # noqa: F403
from casework.conf.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.inquiry"]
