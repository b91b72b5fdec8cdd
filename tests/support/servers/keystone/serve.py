"""OpenStack Keystone with SQLite, as its documentation sets it up. Nothing of it is changed; this is the configuration,
the first administrator and the program that listens.

`serve.py prepare FILE` makes a database with the administrator and the keys, `serve.py FILE` serves from one.
"""

import os
import pathlib
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).parent.resolve()
FILE = pathlib.Path(sys.argv[-1]).resolve()
PASSWORD = "only for tests"


def configuration(folder):
    path = folder / "keystone.conf"
    path.write_text(
        f"""
[DEFAULT]
log_file = {folder / "keystone.log"}
[database]
connection = sqlite:///{FILE}
[fernet_tokens]
key_repository = {HERE / "fernet"}
[credential]
key_repository = {HERE / "credential"}
[cache]
enabled = true
backend = dogpile.cache.memory
[identity]
password_hash_rounds = 4
"""
    )
    return path


def prepare():
    for name in ["fernet", "credential"]:
        (HERE / name).mkdir(mode=0o700, exist_ok=True)
    path = configuration(HERE)
    program = pathlib.Path(sys.executable).parent / "keystone-manage"
    owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
    steps = [
        ["db_sync"],
        ["fernet_setup", *owner],
        ["credential_setup", *owner],
        ["bootstrap", "--bootstrap-username", "admin", "--bootstrap-password", PASSWORD],
    ]
    for step in steps:
        subprocess.run([program, "--config-file", path, *step], check=True)


def end_with_the_test():
    while os.read(0, 4096):
        pass
    os._exit(0)


def serve():
    folder = FILE.parent
    path = configuration(folder)
    sys.argv = ["keystone", "--config-file", str(path)]
    from keystone.server.wsgi import initialize_public_application
    from waitress import create_server

    application = initialize_public_application()
    threading.Thread(target=end_with_the_test, daemon=True).start()
    server = create_server(application, host="127.0.0.1", port=0, threads=8)
    print(f"listening on {server.effective_port}", flush=True)
    server.run()


if sys.argv[1] == "prepare":
    prepare()
else:
    serve()
