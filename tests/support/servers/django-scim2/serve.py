"""A Django project around the library django-scim2, small enough for one file and one app. The models, the token
check, the settings and SQLite are wiring, as the library's documentation asks of every project that uses it.

`serve.py prepare FILE` makes an empty database, `serve.py FILE` serves from one, and `serve.py 15five FILE` serves with
the further attributes of people/fifteen.py.
"""

import os
import sys
import threading

import django
from django.conf import settings

FILE = sys.argv[-1]

# Wiring of ours: the library leaves the adapter to the project.
ADAPTER = {"USER_ADAPTER": "people.fifteen.User"} if sys.argv[1] == "15five" else {}

settings.configure(
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "people", "django_scim"],
    AUTH_USER_MODEL="people.User",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    ROOT_URLCONF="people.urls",
    USE_TZ=True,
    MIDDLEWARE=["people.token.TokenMiddleware", "django_scim.middleware.SCIMAuthCheckMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FILE,
            "CONN_MAX_AGE": None,
            # Several threads write; each waits for the other instead of failing. Nothing here must survive a crash.
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=wal; PRAGMA synchronous=off;",
            },
        }
    },
    SCIM_SERVICE_PROVIDER={
        "GROUP_MODEL": "people.models.Group",
        "BASE_LOCATION_GETTER": "people.token.location",
        "SCHEME": "http",
        "NETLOC": "127.0.0.1",
        "AUTHENTICATION_SCHEMES": [
            {"type": "oauthbearertoken", "name": "Bearer", "description": "A bearer token"}
        ],
        **ADAPTER,
    },
)


def prepare():
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", run_syncdb=True, verbosity=0)
    connection.close()


def end_with_the_test():
    while os.read(0, 4096):
        pass
    os._exit(0)


def serve():
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    threading.Thread(target=end_with_the_test, daemon=True).start()
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=8)
    print(f"listening on {server.effective_port}", flush=True)
    server.run()


django.setup()
if sys.argv[1] == "prepare":
    prepare()
else:
    serve()
