"""Settings of the reference shop, from the environment; read by every process of it.

With DATABASE_URL or REDIS_URL unset, the embedded services of this clone are used instead.
"""

from pathlib import Path
from typing import Any

import environ
from csp import constants as csp
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kfashion_site import state

env = environ.Env()

BASE_DIR = state.BASE_DIR
VAR_DIR: Path = state.var_folder()
SHOP_DIR: Path = state.shop_folder()
DEBUG = env.bool("DEBUG", default=False)

# The embedded services, and with them the convenience of a shop on one's own machine.
EMBEDDED = not env.str("DATABASE_URL", default="")
_running = state.running_services(SHOP_DIR)


def _secret_key() -> str:
    key: str = env.str("SECRET_KEY", default="")
    if key:
        return key
    if EMBEDDED or DEBUG:
        return state.private_text(VAR_DIR / "secret_key")
    raise ImproperlyConfigured("Set SECRET_KEY: a long random text that you keep to yourself.")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "rest_framework_api_key",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "styles",
    "access",
    "products",
    "shoppers",
    "webhooks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "kfashion_site.permissions_policy.PermissionsPolicyMiddleware",
    "access.answers.AnswerHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "access.bodies.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "styles.serving.ServingMiddleware",
]

ROOT_URLCONF = "kfashion_site.urls"
WSGI_APPLICATION = "kfashion_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shoppers.liking.liked_products",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="") or (_running.database_url if _running else None)
    if not url:
        # Commands such as makemigrations and collectstatic work without a database.
        return {"ENGINE": "django.db.backends.dummy"}
    database: dict[str, Any] = environ.Env.db_url_config(url)
    database["ENGINE"] = "django.db.backends.postgresql"
    database["CONN_MAX_AGE"] = 0
    # One pool for each process, as large as its number of threads; opened after the fork.
    if pool_size := env.int("DATABASE_POOL_SIZE", default=8):
        database.setdefault("OPTIONS", {})["pool"] = {
            "min_size": 1,
            "max_size": pool_size,
            "timeout": 10,
        }
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="") or (
    (_running.redis_url if _running else None) or "redis://127.0.0.1:6379/0"
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kfashion",
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.exists()]
# Without the collectstatic step: straight from the source tree and the installed packages.
WHITENOISE_USE_FINDERS = env.bool("STATIC_FROM_SOURCE", default=EMBEDDED or DEBUG)
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(SHOP_DIR / "media"))
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=EMBEDDED or DEBUG)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "base_url": MEDIA_URL},
    },
    # Model artifacts have no URL: they are never served to anyone.
    "artifacts": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.str("ARTIFACT_ROOT", default=str(SHOP_DIR / "artifacts")),
            "base_url": None,
        },
    },
    # Catalogue files that staff send: they hold prices and more, and have no URL either.
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.str("IMPORT_ROOT", default=str(SHOP_DIR / "imports")),
            "base_url": None,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# A photo of 10 MB, which validators.py enforces with a message, and the form around it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "access.parsers.StrictJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "products.api.exceptions.problem_details_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": ["access.authentication.AppKeyAuthentication"],
    "DEFAULT_THROTTLE_CLASSES": ["access.throttling.CallerThrottle"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    # What ends TLS before us is a proxy.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=int(env.bool("BEHIND_TLS", default=False))),
}
# Pages of other sites that may use the API from a browser.
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = (
    *("accept", "accept-language", "authorization", "content-type", "idempotency-key"),
    *("if-none-match", "prefer", "x-shopper"),
)
CORS_EXPOSE_HEADERS = (
    *("ETag", "Idempotency-Replayed", "Location", "Preference-Applied"),
    *("RateLimit", "RateLimit-Policy", "Receipt", "Retry-After", "WWW-Authenticate"),
)
SPECTACULAR_SETTINGS = {
    "TITLE": "kfashion API",
    "DESCRIPTION": "Photos in, look-alikes out. No key is needed to begin with. Names and texts "
    "come in Korean or English; every refusal is problem details (RFC 9457) with a stable code. "
    "Each example is an exchange with a real shop, and is replayed by its tests.",
    "LICENSE": {"name": "MIT"},
    "TAGS": [
        {"name": "image-searches", "description": "A photo, what it shows, what looks like it."},
        {"name": "deletion-receipts", "description": "What was deleted with a photo."},
        {"name": "products", "description": "The catalogue, and what is like or goes with it."},
        {"name": "look-alikes", "description": "What looks like several products and photos."},
        {"name": "styles", "description": "The taxonomy, with stories and typical products."},
        {"name": "clusters", "description": "What the shop's own photos fall into."},
        {"name": "recommendations", "description": "What a shopper may like."},
        {"name": "events", "description": "What shoppers of an app do, told by it."},
        {"name": "taste", "description": "What is known of a shopper, and forgetting it."},
        {"name": "trends", "description": "What is rising this week."},
        {"name": "about", "description": "What there is."},
    ],
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "products.api.schema.complete",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task but a job: a task not acknowledged in this time is given to another worker. A
# job may well take longer; its lease sends the second worker away.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {
    "products.tasks.embed_images": {"queue": "inference"},
    "products.tasks.run_image_search": {"queue": "inference"},
    "styles.tasks.run_job": {"queue": "training"},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The sweepers: rows say what is to be done, these find what a lost message left behind. A sweep
# that nobody took up before the next one is due is dropped.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    name: {
        "task": f"{app}.tasks.{name}",
        "schedule": interval_seconds,
        "options": {"expires": interval_seconds},
    }
    for app, name, interval_seconds in (
        ("access", "purge_expired_requests", 3600),
        ("products", "resume_image_searches", 15),
        ("products", "embed_missing_images", 60),
        ("products", "assign_missing_clusters", 120),
        ("products", "repair_embeddings", 3600),
        ("products", "check_recall", 86_400),
        ("products", "purge_expired_image_searches", 600),
        ("products", "sweep_thumbnails", 86_400),
        ("products", "settle_imports", 15),
        ("products", "purge_import_files", 86_400),
        ("styles", "requeue_abandoned_jobs", 15),
        ("shoppers", "compute_trends", 3600),
        ("shoppers", "count_style_searches", 1800),
        ("shoppers", "finish_searches", 300),
        ("shoppers", "purge_shoppers", 3600),
        ("shoppers", "count_interest", 3600),
        ("shoppers", "fold_searches", 1800),
        ("webhooks", "send_due_deliveries", 10),
        ("webhooks", "purge_webhook_events", 3600),
    )
}
CELERY_BEAT_SCHEDULE_FILENAME = str(SHOP_DIR / "celerybeat-schedule")

KFASHION: dict[str, Any] = {
    "TRAINING_FOLDER": env.str("TRAINING_FOLDER", default=str(SHOP_DIR / "training")),
    "FEATURE_CACHE_FOLDER": env.str(
        "FEATURE_CACHE_FOLDER", default=str(SHOP_DIR / "feature_cache")
    ),
}
if not env.bool("API_THROTTLES", default=True):
    KFASHION["THROTTLE_RATES"] = {}

# Behind a proxy that ends TLS, which says so in X-Forwarded-Proto.
if BEHIND_TLS := env.bool("BEHIND_TLS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Pages, the admin and the API's documentation all do without a script or style of their own in the
# markup. Where photos come from a bucket, browsers must be allowed to ask it for them.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        # Previews of a photo before it is sent are blob: or data:.
        "img-src": [csp.SELF, "blob:", "data:", *env.list("PHOTO_ORIGINS", default=[])],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "manifest-src": [csp.SELF],
        "form-action": [csp.SELF],
        "base-uri": [csp.NONE],
        "frame-ancestors": [csp.NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
