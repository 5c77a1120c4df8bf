"""Every setting of Casework on one page, read from the environment.

Nothing has to be set to try it: `manage.py up` then starts a PostgreSQL of its own
below `var/`. A production site sets CASEWORK_MODE=production and the values that
`casework.conf.production` asks for; a missing or unsafe one stops the start with a
sentence that says what to do.
"""

from pathlib import Path
from typing import Any

import environ

from casework.conf import database, logs, production
from casework.conf.environment import read_choice, read_folder, read_text
from casework.servers import broker

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

# ------------------------------------------------------------------ where and how it runs
MODE = read_choice("CASEWORK_MODE", default="demo", choices=("demo", "production"))
PRODUCTION = MODE == "production"
DEBUG = False
VAR_DIR = read_folder("CASEWORK_VAR", default=BASE_DIR / "var")
SECRET_KEY = read_text("SECRET_KEY", default=production.SAMPLE_SECRET_KEY)
# Personal data is sealed with the newest of these keys (1:base64,2:base64, the newest
# last) and opened with any; a number is found again by its mark under the index key.
DATA_KEYS = read_text("CASEWORK_DATA_KEYS", default=production.SAMPLE_DATA_KEYS)
INDEX_KEY = read_text("CASEWORK_INDEX_KEY", default=production.SAMPLE_INDEX_KEY)
production.refuse_bad_keys(data_keys=DATA_KEYS, index_key=INDEX_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# AGPL section 13: the footer of every page links to the source that is running.
SOURCE_URL = read_text("CASEWORK_SOURCE_URL", default="")
# The audit trail's origin, bound into every event: the site and its incarnation.
AUDIT_ORIGIN = read_text(
    "CASEWORK_AUDIT_ORIGIN", default="demo/1" if MODE == "demo" else "casework/1"
)
# The city whose federation runs this site: its name stands under the brand.
CITY = read_text("CASEWORK_CITY", default="苏州市")

# ------------------------------------------------------------------ database, broker
DATABASE_URL = read_text("DATABASE_URL", default="")
DATABASE_OWNER_URL = read_text("DATABASE_OWNER_URL", default=DATABASE_URL)
REDIS_URL = read_text("REDIS_URL", default="")
DATABASES = database.aliases(
    url=DATABASE_URL, owner_url=DATABASE_OWNER_URL, embedded=VAR_DIR / "postgres"
)
APPLICATION_ROLE = database.APPLICATION_ROLE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if PRODUCTION:
    production.refuse_unsafe(
        secret_key=SECRET_KEY,
        data_keys=DATA_KEYS,
        index_key=INDEX_KEY,
        allowed_hosts=env.list("ALLOWED_HOSTS", default=[]),
        database_url=DATABASE_URL,
        redis_url=REDIS_URL,
        source_url=SOURCE_URL,
    )

# ------------------------------------------------------------------ the worker
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(broker.messages_folder(VAR_DIR)),
        "data_folder_out": str(broker.messages_folder(VAR_DIR)),
        "control_folder": str(broker.control_folder(VAR_DIR)),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "casework"
CELERY_TASK_IGNORE_RESULT = True
# A task of a worker that is killed is taken up by another (R1): every task may run twice.
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
# The schedule is code and every task re-reads its rows, so beat remembers nothing.
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"
HEARTBEAT_SECONDS = 15
HOUR = 3600
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "heartbeat": {
        "task": "casework.tasks.heartbeat",
        "schedule": HEARTBEAT_SECONDS,
        "options": {"expires": HEARTBEAT_SECONDS},
    },
    "sweep": {
        "task": "casework.tasks.sweep",
        "schedule": HEARTBEAT_SECONDS,
        "options": {"expires": HEARTBEAT_SECONDS},
    },
    "drop_old_drafts": {
        "task": "casework.tasks.drop_old_drafts",
        "schedule": HOUR,
        "options": {"expires": HOUR},
    },
}

# ------------------------------------------------------------------ the application
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "treebeard",
    "casework",
    "workflows",
    "workflows.hardship_aid",
    "notifications",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "casework.web.middleware.LanguageMiddleware",
    "casework.web.middleware.PrivateMiddleware",
    "casework.web.middleware.LogInFirstMiddleware",
    "casework.web.middleware.ActorMiddleware",
    "casework.web.middleware.InitialPasswordMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "casework.conf.urls"
WSGI_APPLICATION = "casework.conf.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "casework.web.frame.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "casework.web.templatetags.controls",
                "casework.web.templatetags.days",
                "casework.web.templatetags.icons",
                "casework.web.templatetags.words",
            ],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "casework.web.forms.FormRenderer"
LOGGING = logs.configuration(
    json=PRODUCTION, level=read_text("LOG_LEVEL", default="INFO")
)

# ------------------------------------------------------------------ people and log-in
AUTH_USER_MODEL = "casework.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
_PASSWORDS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _PASSWORDS + "UserAttributeSimilarityValidator"},
    {"NAME": _PASSWORDS + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _PASSWORDS + "CommonPasswordValidator"},
    {"NAME": _PASSWORDS + "NumericPasswordValidator"},
]
LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "log_in"
# S23: ten tries in a quarter of an hour for one account from one address.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "casework.web.session.locked_out"
AXES_VERBOSE = False

# ------------------------------------------------------------------ security
# S24: half an hour of silence ends a session, and so does a browser that closes.
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "casework.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# ------------------------------------------------------------------ language, time, files
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "casework" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = CELERY_TIMEZONE = "Asia/Shanghai"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "casework" / "web" / "static"]
# In the demo pages are served straight from the tree; production collects them once.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Files are kept in memory up to the limits of casework.domain.materials, never on disk.
FILE_UPLOAD_HANDLERS = ["casework.web.uploads.BoundedUploadHandler"]
