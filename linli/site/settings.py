"""Django settings: one module; everything that differs between places comes from the environment (site/env.py)."""

from pathlib import Path

from linli.site import database, env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LINLI_VAR = Path(env.get("LINLI_VAR")).absolute()
LINLI_RUN = LINLI_VAR / "run"
LINLI_FILES = LINLI_VAR / "files"
LINLI_MODELS = LINLI_VAR / "models"
LINLI_DEMO = env.flag("LINLI_DEMO")
LINLI_QUIET = env.get("LINLI_QUIET")
LINLI_SMALL_TALK_DAYS = int(env.get("LINLI_SMALL_TALK_DAYS"))
LINLI_SMS_BACKEND = env.get("LINLI_SMS_BACKEND")
LINLI_MAIL_BACKEND = env.get("LINLI_MAIL_BACKEND")
LINLI_MAIL_URL = env.get("LINLI_MAIL_URL")
LINLI_MAIL_FROM = env.get("LINLI_MAIL_FROM")
LINLI_DIGEST = env.get("LINLI_DIGEST")
LINLI_ADDRESS = env.address()
LINLI_MAX_IMAGE_MB = int(env.get("LINLI_MAX_IMAGE_MB"))
LINLI_MAX_AUDIO_MB = int(env.get("LINLI_MAX_AUDIO_MB"))
LINLI_HOOK_HOSTS = env.get("LINLI_HOOK_HOSTS")
LINLI_LEARN = env.flag("LINLI_LEARN")
LINLI_PG_NOTIFY = env.flag("LINLI_PG_NOTIFY")
LINLI_HTTPS = env.flag("LINLI_HTTPS")
LINLI_SCRIBE_URL = env.get("LINLI_SCRIBE_URL")
LINLI_SCRIBE_KEY = env.get("LINLI_SCRIBE_KEY")
LINLI_SCRIBE_MODEL = env.get("LINLI_SCRIBE_MODEL")
LINLI_SCRIBE_SECONDS = float(env.get("LINLI_SCRIBE_SECONDS"))

SECRET_KEY = env.get("LINLI_SECRET_KEY") or "not set: `linli serve` refuses this key"
DEBUG = False
ALLOWED_HOSTS = [h.strip() for h in env.get("LINLI_HOSTS").split(",") if h.strip()]
DATABASES = {"default": database.parse(env.get("DATABASE_URL"), LINLI_VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "linli.ui",
    "linli.ledger",
    "linli.files",
    "linli.accounts",
    "linli.calendars",
    "linli.grid",
    "linli.standards",
    "linli.residents",
    "linli.notices",
    "linli.lessons",
    "linli.orders",
    "linli.groups",
    "linli.knowledge",
    "linli.assistant",
    "linli.stories",
    "linli.channels",
    "linli.insight",
    "linli.doors",
    "linli.demo",
    "linli.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "linli.site.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.site.middleware.WhoActs",
    "linli.site.middleware.PlainErrors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "linli.accounts.web.locked_out"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "linli.site.context.page",
            ],
            "builtins": ["linli.ui.templatetags.ui"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = LINLI_VAR / "static"
LINLI_DEV = env.flag("LINLI_DEV")
_STATIC = "StaticFilesStorage" if LINLI_DEV else "ManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"django.contrib.staticfiles.storage.{_STATIC}"},
}

LOGIN_URL = "/sign-in/"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linli.site.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if LINLI_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
