from odoo.exceptions import UserError
from odoo.http import STORED_SESSION_BYTES, request

from ... import responses as pages
from ...models.page.privacy_preferences_less import BY_LOGIN
from ..receipt import receipt_response

# session key: what this visitor saved last, as purpose ids
SAVED = "privacy_saved"


class PreferencesFlow:
    """Show, save, thank, hand out the receipt: the same from a link and the portal.

    One instance serves one request.
    """

    def __init__(
        self,
        subject,
        subjects,
        *,
        url,
        source,
        layout=pages.LAYOUT,
        user_id=None,
        fresh=True,
    ):
        """
        :param subject: the record whose address or login was proven, as superuser
        :param list subjects: recordsets that the answers are about
        :param str url: path of the page
        :param str source: source of the events
        :param str layout: template around the page
        :param int user_id: the user who answers, None behind a link
        :param bool fresh: whether the link is; always without one
        """
        # a login proves no address (IDN-4): what takes one is not offered
        self.page = request.env["privacy.preferences.page"].with_context(
            **{BY_LOGIN: bool(user_id)}
        )
        self.subject = subject
        self.subjects = subjects
        # of the others, the visitor can see and refuse what is asked, nothing else
        self.proven = request.env["privacy.preferences.link"]._proven(subjects)
        self.url = url
        self.source = source
        self.layout = layout
        self.user_id = user_id
        self.fresh = fresh

    @property
    def channel(self):
        """:return: channel of the requests that are made here"""
        return "portal" if self.user_id else "page"

    def handle(self):
        """:return: the page on GET, the effect of Save on POST"""
        method = request.httprequest.method
        if method == "POST":
            return self.save()
        if not pages.is_safe_method():
            return pages.neutral(405)
        return self.show()

    def show(self, message=None, status=200):
        """:param str message: what happened to a post that changed nothing"""
        questions, languages = self.page._questions(self.subjects), self._languages()
        form = self.page._form(
            questions,
            self.url,
            request.csrf_token(),
            self._session(),
            languages and request.env.lang,
        )
        values = {
            "questions": questions,
            "form": form,
            "message": message,
            "languages": languages,
            "rights": self.page._rights(),
            "requests": self.page._request_lines(self.subjects),
        }
        page = self._render("privacy_guard.preferences_page", values, status)
        return pages.showing(form, page) if form else page

    def save(self):
        """Record a posted form, all of it or nothing; but a no is taken even where a
        yes is one too many (RTE-1), or the address is unproven (IDN-3)."""
        questions = self.page._questions(self.subjects)
        try:
            form = request.httprequest.form
            answers, stale = self.page._parse(form, questions, self._session())
            wishes = self.page._parse_less(form, questions)
        except ValueError:
            return pages.neutral(400)
        if stale:
            return self.show("stale", 409)
        if not answers and not wishes:
            return self.show("empty")
        refused = {p: a for p, a in answers.items() if a == "refused"}
        widens = self.page._widens(self.subjects, wishes)
        if (refused != answers or widens) and not self.proven:
            self._record(refused, wishes, may_widen=False)
            return self.show("unproven", 403)
        grants = widens or self.page._grants(self.proven, answers)
        if grants and self._is_one_too_many():
            self._record(refused, wishes, may_widen=False)
            return self.show("limited", 429)
        self._record(answers, wishes)
        return pages.redirect(f"{self.url}/saved")

    def _session(self):
        """:return: what stays the same while a session gets new keys"""
        return request.session.sid[:STORED_SESSION_BYTES]

    def _record(self, answers, wishes, *, may_widen=True):
        how = {
            "source": self.source,
            "user_id": self.user_id,
            "evidence": pages.evidence(),
            # a login proves no address (IDN-4)
            "by_address": not self.user_id,
        }
        recorded = self.page._save(self.subjects, answers, **how)
        # of what has just been granted, too
        recorded += self.page._save_less(
            self.subjects, wishes, may_widen=may_widen, **how
        )
        saved = {*answers, *wishes}
        # who saves what stands recorded is shown it, and gets no further mail
        if recorded:
            lines = self.page._recorded(self.subjects, saved)
            files = self._receipt_files(saved)
            self.page._send_confirmation(self.subject, self.subjects, lines, files)
        request.session[SAVED] = sorted(saved)

    def _is_one_too_many(self):
        """:return: whether the visitor, or their network, has posted too much of what
        costs or grants something"""
        person = self.subject[self.subject._consent_email_field]
        person = person or f"{self.subject._name},{self.subject.id}"
        if not self.fresh:
            # whoever has an old link uses up nothing of what the person may do
            person = f"stale:{person}"
        posts = request.env["privacy.page.post"]
        return not posts._may_pass(person, request.httprequest.remote_addr)

    def thank(self):
        """:return: what was recorded, read back from the records"""
        lines = self._saved_lines()
        if not lines:
            return pages.redirect(self.url)
        return self._render("privacy_guard.preferences_saved", {"lines": lines})

    def receipt(self):
        """:return: the receipt as a file; ``?format=json`` for programs"""
        files = self._receipt_files(request.session.get(SAVED) or [])
        if not files:
            return pages.redirect(self.url)
        for_programs = request.httprequest.args.get("format") == "json"
        name = "privacy-receipt.jsonld" if for_programs else "privacy-receipt.txt"
        return pages.harden(receipt_response(name, files[name]))

    def _receipt_files(self, purpose_ids):
        """:return: {name: content} of the receipt, empty when nothing was answered"""
        records = self.page._answered_consents(self.subjects, set(purpose_ids))
        return records and request.env["consent.receipt"]._files(records)

    def download(self):
        """Have a copy of the person's data made; it is mailed to their address, so that
        an old link is enough to ask."""
        if request.httprequest.method != "POST":
            return pages.neutral(405)
        if not self.subject[self.subject._consent_email_field]:
            return pages.redirect(self.url)
        if self.subject not in self.subject._privacy_proven():
            return self.show("unproven", 403)
        if self._is_one_too_many():
            return pages.neutral(429)
        exports = request.env["privacy.export"]
        try:
            exports._ask(self.subject, self.source)
        except UserError:
            return self.show("copied", 409)
        return self.show("copying")

    def _saved_lines(self):
        saved = request.session.get(SAVED) or []
        return self.page._recorded(self.subjects, set(saved))

    def _languages(self):
        """:return: languages to switch to; none where the portal has its own switch"""
        installed = request.env["res.lang"].get_installed()
        if self.layout != pages.LAYOUT or len(installed) < 2:
            return []
        return [
            {
                "code": code,
                "tag": self.page._html_lang(code),
                "name": name.split("/")[-1].strip(),
                "current": code == request.env.lang,
            }
            for code, name in installed
        ]

    def _render(self, template, values, status=200):
        values = {
            **values,
            "company": self.page._company(self.subjects),
            "url": self.url,
            "has_address": bool(self.subject[self.subject._consent_email_field]),
        }
        return pages.render(template, values, status, self.layout)
