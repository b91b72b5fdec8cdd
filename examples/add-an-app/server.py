#!/usr/bin/env python3
"""Rota, a small app that plans shifts, to try rolecall on. It needs Python 3.10 or newer and nothing else.

    python3 examples/add-an-app/server.py [--port 8315]

It listens on this machine only, keeps its data in memory, and ends after two hours. This text is its documentation.

Every request has the header `Rota-Key`. An answer is `{"result": …}`, or `{"problem": {"kind": …, "detail": …}}`.

    GET    /api/2/staff?limit=3&after=…     rows in `result.staff`; `result.paging.after` starts the next page, null at the end
    POST   /api/2/staff                     {"person": {…}}, 201
    GET    /api/2/staff/{ref}               `result.person`
    PATCH  /api/2/staff/{ref}               {"person": {…}}, only what changes
    GET    /api/2/crews                     as staff: `result.crews`
    POST   /api/2/crews                     {"crew": {"label": …}}, 201
    GET    /api/2/crews/{ref}               `result.crew`
    PATCH  /api/2/crews/{ref}               {"crew": {"label": …}}
    DELETE /api/2/crews/{ref}               204
    GET    /api/2/crews/{ref}/staff         as staff: rows with `ref`
    POST   /api/2/crews/{ref}/staff         {"add": [ref, …]}, all or none, at most 20
    DELETE /api/2/crews/{ref}/staff/{ref}   204
    GET    /api/2/key                       what the key may do; a key that sees one crew only gets 403

A person has `ref` (given by Rota), `sign_in` (unique, no upper case), `full_name`, `contact.mail`, `planner` (true: may change
every shift), `standing` (`working`, or `paused` for a person who cannot sign in) and `since` (given by Rota). Nobody is ever
deleted, because old shifts name them. A crew has `ref` and `label` (unique). Who approves the hours of a crew is set in Rota's
own pages only.

A name that is taken is answered 422, kind `duplicate`. A person who is in a crew already may be added again.
"""

import argparse
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY, NARROW_KEY = "rota-demo-key", "rota-one-crew"
BODY, ROWS, PAGE, BATCH, HOURS = 64 * 1024, 1000, 3, 20, 2


class Problem(Exception):
    def __init__(self, status, kind, detail):
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail


class Rota:
    """What the app knows. One lock is enough for a demonstration."""

    def __init__(self):
        self.lock = threading.Lock()
        self.staff, self.crews, self.inside, self.last = {}, {}, {}, 100
        for sign_in, name, planner in [
            ("owner", "Rota Owner", True), ("grace", "Grace Hopper", False), ("ada", "Ada King", False),
            ("kim", "Kim Park", True), ("lee", "Lee Wong", False),
        ]:
            self.add_person({"sign_in": sign_in, "full_name": name, "planner": planner,
                             "contact": {"mail": sign_in + "@acme.example"}})
        crew = self.add_crew({"label": "Early shift"})
        self.inside[crew["ref"]] += [ref for ref, who in self.staff.items() if who["sign_in"] in ("grace", "ada")]

    def ref(self, kind):
        self.last += 1
        return f"{kind}_{self.last}"

    def put(self, table, row, changes, fields, unique):
        if not isinstance(changes, dict):
            raise Problem(400, "malformed", "an object is expected")
        for name, value in changes.items():
            if name not in fields:
                raise Problem(422, "unknown_field", f"{name} cannot be written")
            if not fields[name](value):
                raise Problem(422, "invalid", f"{name} does not take this value")
            if name == unique and any(other[unique] == value and other is not row for other in table.values()):
                raise Problem(422, "duplicate", f"{name} is in use")
        if unique not in changes and not row.get(unique):
            raise Problem(422, "invalid", f"{unique} is required")
        if len(table) >= ROWS:
            raise Problem(507, "full", "this demonstration holds no more rows")
        row.update(changes)
        return row

    def add_person(self, given):
        row = {"sign_in": None, "full_name": "", "contact": {"mail": None}, "planner": False, "standing": "working"}
        row = self.put(self.staff, row, given, PERSON, "sign_in")
        row = {"ref": self.ref("st"), **row, "since": time.strftime("%Y-%m-%d")}
        self.staff[row["ref"]] = row
        return row

    def add_crew(self, given):
        row = {"ref": self.ref("cr"), **self.put(self.crews, {}, given, CREW, "label")}
        self.crews[row["ref"]], self.inside[row["ref"]] = row, []
        return row


def text(value):
    return isinstance(value, str) and 0 < len(value) <= 200


PERSON = {
    "sign_in": lambda value: text(value) and value == value.lower(),
    "full_name": text,
    "contact": lambda value: isinstance(value, dict) and set(value) == {"mail"} and (value["mail"] is None or text(value["mail"])),
    "planner": lambda value: isinstance(value, bool),
    "standing": lambda value: value in ("working", "paused"),
}
CREW = {"label": text}


class Handler(BaseHTTPRequestHandler):
    protocol_version, server_version, timeout = "HTTP/1.1", "Rota/2", 30
    rota = Rota()

    def log_message(self, *_):
        pass

    def answer(self):
        try:
            with self.rota.lock:
                status, result = self.route()
            self.send(status, None if status == 204 else {"result": result})
        except Problem as problem:
            self.send(problem.status, {"problem": {"kind": problem.kind, "detail": problem.detail}})

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer

    def send(self, status, body):
        data = b"" if body is None else json.dumps(body).encode() + b"\n"
        self.send_response(status)
        if data:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self, name):
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = BODY + 1
        if not 0 <= length <= BODY:
            self.close_connection = True
            raise Problem(413, "too_large", "the body is too large")
        try:
            return json.loads(self.rfile.read(length))[name]
        except (ValueError, KeyError, TypeError):
            raise Problem(400, "malformed", f"the body needs {name}") from None

    def page(self, name, rows):
        query = parse_qs(urlsplit(self.path).query)
        after, limit = query.get("after", [""])[0], query.get("limit", [str(PAGE)])[0]
        if not limit.isdigit() or not 0 < int(limit) <= PAGE:
            raise Problem(400, "malformed", f"limit is 1 to {PAGE}")
        start = next((place + 1 for place, row in enumerate(rows) if row["ref"] == after), None if after else 0)
        if start is None:
            raise Problem(400, "stale_cursor", "this cursor is not known any more")
        shown = rows[start:start + int(limit)]
        more = start + int(limit) < len(rows)
        return 200, {name: shown, "paging": {"after": shown[-1]["ref"] if more else None}}

    def find(self, table, ref):
        if ref not in table:
            raise Problem(404, "no_such_thing", f"there is no {ref}")
        return table[ref]

    def route(self):
        key, rota, verb = self.headers.get("Rota-Key"), self.rota, self.command
        if key not in (KEY, NARROW_KEY):
            self.close_connection = True
            raise Problem(401, "bad_key", "Rota-Key is missing or wrong")
        if key == NARROW_KEY and verb != "GET":
            self.close_connection = True
            raise Problem(403, "not_allowed", "this key only reads")
        match [verb, *urlsplit(self.path).path.strip("/").split("/")]:
            case ["GET", "api", "2", "key"]:
                if key == NARROW_KEY:
                    raise Problem(403, "not_allowed", "this key sees one crew only")
                return 200, {"rights": "everybody"}
            case ["GET", "api", "2", "staff"]:
                rows = [row for row in rota.staff.values() if key == KEY or row["sign_in"] in ("grace", "ada")]
                return self.page("staff", rows)
            case ["POST", "api", "2", "staff"]:
                return 201, {"person": rota.add_person(self.body("person"))}
            case ["GET", "api", "2", "staff", ref]:
                return 200, {"person": self.find(rota.staff, ref)}
            case ["PATCH", "api", "2", "staff", ref]:
                person = self.body("person")
                return 200, {"person": rota.put(rota.staff, self.find(rota.staff, ref), person, PERSON, "sign_in")}
            case ["GET", "api", "2", "crews"]:
                return self.page("crews", list(rota.crews.values()))
            case ["POST", "api", "2", "crews"]:
                return 201, {"crew": rota.add_crew(self.body("crew"))}
            case ["GET", "api", "2", "crews", ref]:
                return 200, {"crew": self.find(rota.crews, ref)}
            case ["PATCH", "api", "2", "crews", ref]:
                crew = self.body("crew")
                return 200, {"crew": rota.put(rota.crews, self.find(rota.crews, ref), crew, CREW, "label")}
            case ["DELETE", "api", "2", "crews", ref]:
                self.find(rota.crews, ref)
                del rota.crews[ref], rota.inside[ref]
                return 204, None
            case ["GET", "api", "2", "crews", ref, "staff"]:
                self.find(rota.crews, ref)
                return self.page("staff", [rota.staff[who] for who in rota.inside[ref]])
            case ["POST", "api", "2", "crews", ref, "staff"]:
                refs = self.body("add")
                self.find(rota.crews, ref)
                if not isinstance(refs, list) or not 0 < len(refs) <= BATCH or not all(isinstance(who, str) for who in refs):
                    raise Problem(400, "malformed", f"add is a list of 1 to {BATCH} refs")
                for who in refs:
                    self.find(rota.staff, who)
                rota.inside[ref] += [who for who in dict.fromkeys(refs) if who not in rota.inside[ref]]
                return 200, {"added": refs}
            case ["DELETE", "api", "2", "crews", ref, "staff", who]:
                self.find(rota.crews, ref)
                if who not in rota.inside[ref]:
                    raise Problem(404, "no_such_thing", f"{who} is not in {ref}")
                rota.inside[ref].remove(who)
                return 204, None
        self.close_connection = True
        raise Problem(404, "no_such_thing", f"Rota does not know {verb} here")


def main():
    options = argparse.ArgumentParser(description="Rota, a small app to try rolecall on.")
    options.add_argument("--port", type=int, default=8315, help="0 takes any free port")
    port = options.parse_args().port
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        sys.exit(f"port {port} cannot be used ({error.strerror}): end the other program, or add --port with another number")
    print(f"Rota listens at http://127.0.0.1:{server.server_port}/api/2 for {HOURS} hours. Its key is {KEY}. Ctrl-C ends it.", flush=True)
    ends = threading.Timer(HOURS * 3600, server.shutdown)
    ends.daemon = True
    ends.start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
