"""What a hostile client has: one user, four ways to call a method, and plain HTTP."""

import html
import http.client
import json
import re
import urllib.parse
import xmlrpc.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from dev.lib.waiting import PATIENCE

# The three that other programs use, and the one of the web client. XML-RPC and JSON-RPC
# send the password each time, the others a key and a session.
TRANSPORTS = ("xmlrpc", "jsonrpc", "json2", "session")
DENIED = {"AccessError", "AccessDenied", "SessionExpiredException", "Unauthorized"}
REFUSED = {"UserError", "ValidationError", "MissingError", "EncryptedFieldError"}
# of XML-RPC
FAULTS = {1: "failed", 2: "refused", 3: "denied", 4: "denied"}


@dataclass
class Answer:
    """What came back, every byte of it.

    :ivar kind: ``ok``; ``denied`` for want of rights; ``refused`` with a sentence to a
        user; ``failed`` with any other error
    """

    status: int
    raw: bytes
    kind: str = "ok"
    value: object = None
    message: str = ""
    headers: dict = field(default_factory=dict)


class Client:
    """One attacker.

    :param login: None for the public, who has none
    """

    def __init__(self, server, database, uid=0, login=None, password="", key=""):
        self.server, self.database = server, database
        self.uid, self.login, self.password, self.key = uid, login, password, key
        self.cookies = {}
        if login:
            params = {"db": database, "login": login, "password": password}
            answer = self._json("/web/session/authenticate", {"params": params})
            assert answer.value["uid"] == uid, answer.raw

    # ------------------------------------------------------------------
    # Methods of models
    # ------------------------------------------------------------------

    def call(self, transport, model, method, ids=None, **kwargs):
        """:param ids: of the records, None for a method of the model"""
        args = [] if ids is None else [list(ids)]
        if method == "create" and transport != "json2":
            args = [kwargs.pop("vals_list")]  # what they adapt the result by
        return getattr(self, f"_by_{transport}")(model, method, args, kwargs)

    def _by_xmlrpc(self, model, method, args, kwargs):
        params = (self.database, self.uid, self.password, model, method, args, kwargs)
        body = xmlrpc.client.dumps(params, "execute_kw").encode()
        answer = self.http("/xmlrpc/2/object", body, {"Content-Type": "text/xml"})
        try:
            [answer.value], _method = xmlrpc.client.loads(answer.raw)
        except xmlrpc.client.Fault as fault:
            answer.kind = FAULTS[fault.faultCode]
            answer.message = fault.faultString
        return answer

    def _by_jsonrpc(self, model, method, args, kwargs):
        args = [self.database, self.uid, self.password, model, method, args, kwargs]
        params = {"service": "object", "method": "execute_kw", "args": args}
        return self._json("/jsonrpc", {"params": params})

    def _by_session(self, model, method, args, kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._json("/web/dataset/call_kw", {"params": params})

    def _by_json2(self, model, method, args, kwargs):
        ids = {"ids": args[0]} if args else {}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = self._json(
            f"/json/2/{model}/{method}", {**ids, **kwargs}, headers, envelope=False
        )
        if answer.status != 200:
            answer.kind = _kind(answer.value["name"])
            answer.message = answer.value["message"]
        return answer

    # ------------------------------------------------------------------
    # HTTP
    # ------------------------------------------------------------------

    def rpc(self, path, **params):
        """:return: answer of a route of type ``jsonrpc``"""
        return self._json(path, {"params": params})

    def _json(self, path, data, headers=None, envelope=True):
        if envelope:
            data = {"jsonrpc": "2.0", "method": "call", **data}
        headers = {"Content-Type": "application/json", **(headers or {})}
        answer = self.http(path, json.dumps(data).encode(), headers)
        answer.value = json.loads(answer.raw)
        if envelope and "error" in answer.value:
            error = answer.value["error"]["data"]
            answer.kind, answer.message = _kind(error["name"]), error["message"]
        elif envelope:
            answer.value = answer.value.get("result")
        return answer

    def form(self, path, **data):
        """:return: answer to a posted form, with the token of this session"""
        if "csrf_token" not in data:
            page = self.http("/odoo" if self.login != "pia" else "/my").raw.decode()
            token = re.search(r'csrf_token: "([^"]+)"', page)
            data["csrf_token"] = html.unescape(token.group(1)) if token else "none"
        body = urllib.parse.urlencode(data).encode()
        return self.http(
            path, body, {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def http(self, path, body=None, headers=None):
        """:return: the answer; a page that wants a login first is ``denied``"""
        connection = http.client.HTTPConnection(self.server, timeout=PATIENCE)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**(headers or {}), **({"Cookie": cookie} if cookie else {})}
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.read())
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        answer.headers = dict(response.headers)
        if answer.status == 303 and "/web/login" in answer.headers.get("Location", ""):
            answer.kind = "denied"
        elif answer.status >= 400:
            answer.kind = "denied" if answer.status in (401, 403) else "refused"
        return answer


def _kind(name):
    name = name.rpartition(".")[2]
    if name in DENIED:
        return "denied"
    return "refused" if name in REFUSED else "failed"
