from odoo.http import request

from ... import responses as pages

# what the buttons of the page say
ACTIONS = ("ask", "code", "again", "withdraw")


class RequestFlow:
    """Ask for one's rights and take it back: confirmation, code, state.

    Opening the page shows one kind of request; only its buttons, by POST, do anything.
    """

    def __init__(self, flow, *, proven):
        """
        :param flow: ``PreferencesFlow`` of the visitor
        :param bool proven: whether the address is the visitor's for certain, or must be
            proven by a mailed code
        """
        self.flow = flow
        self.page = flow.page
        # a login asks about the own contact, whatever its address
        self.subjects = flow.subjects if flow.user_id else flow.proven
        self.proven = proven
        self.kind = request.httprequest.values.get("kind")

    def handle(self):
        """:return: the page on GET, what a button does on POST"""
        if self.kind not in self.page._rights():
            return pages.neutral(404)
        if not self.subjects:
            return self.flow.show("unproven", 403)
        if pages.is_safe_method():
            return self.show()
        if request.httprequest.method != "POST":
            return pages.neutral(405)
        action = request.httprequest.form.get("action")
        if action not in ACTIONS:
            return pages.neutral(400)
        return getattr(self, action)()

    def show(self, message=None, status=200, *, withdrawing=False):
        unconfirmed = self._unconfirmed()
        pending = self._open().filtered(lambda r: r.state != "unconfirmed")
        own = pending - self._beyond_login(pending)
        values = {
            "kind": self.kind,
            "message": message,
            # who comes back with a fresh link need not prove anything
            "must_prove": bool(unconfirmed) and not self.proven,
            "withdrawing": withdrawing,
            # whom the suppression list locked may still ask
            "stopped": not any(
                persons.filtered(lambda person: person.privacy_status != "stopped")
                or persons._privacy_suppressed()
                for persons in self.subjects
            ),
            "line": pending and self.page._request_line((own or pending)[0]),
            "may_withdraw": bool(own),
        }
        return self.flow._render("privacy_guard.preferences_request", values, status)

    def ask(self):
        requests = self._ask(self.proven)
        if any(request.state == "unconfirmed" for request in requests):
            return self.again()
        return self._back()

    def again(self):
        """Send another code."""
        if self._unconfirmed() and not self._send_code():
            return self.show("codes", 429)
        return self._back()

    def code(self):
        """Prove the address by the code that was mailed to it. It holds even if another
        one with an old link has taken the request back meanwhile."""
        if self._unconfirmed() or not self._open():
            if self._use_code() is None:
                return self.show("wrong_code", 403)
            self._ask(True)
        return self._back()

    def withdraw(self):
        """The way back needs the proof of the way in (IDN-6): a code takes back what
        was there when it was sent. Whoever has taken back too often today needs one,
        too, and is never turned away (RTE-1)."""
        unconfirmed = self._unconfirmed()
        opened = self._open()
        begun = opened - unconfirmed - self._beyond_login(opened)
        free = self.proven and self.page._may_withdraw(self.subjects, begun)
        if begun and not free:
            if not request.httprequest.form.get("code"):
                return self._ask_to_prove_withdrawal()
            last = self._use_code(back=True)
            if last is None:
                return self.show("wrong_code", 403, withdrawing=True)
            begun = begun.filtered(lambda r: r.id <= last)
        taken = begun | unconfirmed
        taken._withdraw()
        return self.show("withdrawn") if taken else self._back()

    def _ask_to_prove_withdrawal(self):
        sent = self._send_code(back=True)
        status = 200 if sent else 429
        return self.show(None if sent else "codes", status, withdrawing=True)

    def _ask(self, proven):
        return self.page._ask(
            self.subjects, self.kind, self.flow.channel, proven=proven
        )

    def _send_code(self, *, back=False):
        """:return: False when enough codes have been sent that still work"""
        codes = request.env["privacy.request.code"]
        return codes._send(self.flow.subject, self.kind, self._open(), back=back)

    def _use_code(self, *, back=False):
        """:return: as of ``_use()`` of ``privacy.request.code``"""
        codes = request.env["privacy.request.code"]
        typed = request.httprequest.form.get("code") or ""
        return codes._use(self.flow.subject, self.kind, typed, back=back)

    def _open(self):
        return self.page._open_requests(self.subjects, self.kind)

    def _unconfirmed(self):
        opened = self._open().filtered(lambda r: r.state == "unconfirmed")
        return opened - self._beyond_login(opened)

    def _beyond_login(self, requests):
        """:return: those of these requests that a login shows and does not take back:
        it proves the own contact (IDN-4), and they are about other records as well"""
        by_login = bool(self.flow.user_id)
        return requests._about_others(self.subjects) if by_login else requests[:0]

    def _back(self):
        return pages.redirect(f"{self.flow.url}/request?kind={self.kind}")
