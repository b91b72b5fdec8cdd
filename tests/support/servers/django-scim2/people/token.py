"""Who may ask, and the address that answers carry: both are left to the project by django-scim2."""

import os


class Client:
    """The caller with the right token, in the place of a Django user."""

    is_authenticated = True


class Stranger:
    is_authenticated = False


class TokenMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.expected = "Bearer " + os.environ.get("SERVER_TOKEN", "")

    def __call__(self, request):
        known = request.headers.get("Authorization") == self.expected
        request.user = Client() if known else Stranger()
        return self.get_response(request)


def location(request=None, *args, **kwargs):
    """The address that the caller used, so that answers stay right behind a proxy."""
    return f"http://{request.get_host()}" if request else "http://127.0.0.1"
