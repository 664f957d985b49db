import re
from html import unescape

from markupsafe import Markup
from odoo import api, models
from odoo.tools import hmac

from .privacy_preferences_save import POSTED, PREFERRED

FORM = "privacy_guard/static/templates/preferences_form.xml"
PLAIN = "privacy_guard/static/templates/preferences_plain.xml"
SCOPE = "privacy_guard.preferences_form"
# What such forms post, in whatever a browser may make a field of: how it reads the page
# around is not for a parser of ours to say.
FIELDS = re.compile(
    rf"({'|'.join((*POSTED, *PREFERRED))})(-\d+)?_\d|name\s*=\s*[\"']?\s*pressed",
    re.IGNORECASE,
)


class PrivacyPreferencesPage(models.AbstractModel):
    """The form with the questions, as it is shipped.

    An event says which text the person was shown. Views are website designers' to edit,
    so the form is none: it is made here, and the page around it is looked at before it
    goes out.
    """

    _inherit = "privacy.preferences.page"

    @api.model
    def _form(self, questions, url, csrf_token, session, lang=None):
        """:param list questions: of :meth:`_questions`
        :param str url: where it is posted to
        :param str session: what tells the visitor's session from others
        :param str lang: the language to post, where the page has a choice
        :return: the form, "" where there is nothing to decide
        """
        if not questions:
            return Markup()
        shown = [
            {**q, "shown": self._shown(session, q["notice_id"])} for q in questions
        ]
        values = {
            "url": url,
            "csrf_token": csrf_token,
            "lang": lang,
            "groups": self._form_groups(list(map(self._with_sentences, shown))),
            "texts": {
                "revised": self.env._("Revised:"),
                "changed": self.env._("this text has changed since you answered."),
                "yes": self.env._("Yes"),
                "no": self.env._("No"),
                "save": self.env._("Save my choices"),
                "less": self.env._(
                    "What you choose here holds as soon as it is saved. What has left "
                    "already may still arrive."
                ),
            },
        }
        return self._render_file(FORM, values)

    @api.model
    def _shown(self, session, notice_id):
        """:return: what the form posts of a text that it shows. Other pages of the
        website may hold forms as well, but not this: a browser that posts it has got
        this form."""
        # superuser: the signing key is no user's to read
        mark = hmac(self.env(su=True), SCOPE, (session, notice_id))
        return f"{notice_id}-{mark}"

    @api.model
    def _form_groups(self, questions):
        texts = {
            "data": (
                self.env._("Your data"),
                self.env._(
                    "May we keep these details about you? If you answer no, we erase "
                    "what we hold."
                ),
            ),
            "custom": (
                self.env._("How we use your data"),
                self.env._("May we do the following?"),
            ),
            "tracking": (
                self.env._("Tracking"),
                self.env._(
                    "May we see whether you open what we send you? If your mail "
                    "program hides pictures, opening our e-mails is not counted in any "
                    "case."
                ),
            ),
        }
        groups = [
            {
                "kind": kind,
                "title": title,
                "lead": lead,
                "questions": [q for q in questions if q["kind"] == kind],
            }
            for kind, (title, lead) in texts.items()
        ]
        return [group for group in groups if group["questions"]]

    @api.model
    def _with_sentences(self, question):
        no = Markup("<strong>%s</strong>") % self.env._("No")
        return {
            **question,
            "asked_by": self.env._("Asked by %s", question["company"]),
            "objection": self.env._(
                "We may do this without asking: %(basis)s. You may object at any time: "
                "choose %(no)s.",
                basis=question["legal_basis"],
                no=no,
            ),
            "answered": self.env._("Your last answer: %s", self._answered(question)),
            "ends": self.env._("Your yes holds until: %s", question["ends_on"]),
        }

    @api.model
    def _answered(self, question):
        """:return: what was answered, where it is the same everywhere, and when"""
        labels = {"granted": self.env._("Yes"), "refused": self.env._("No")}
        label = labels.get(question["answer"])
        moment = question["answered_on"]
        return f"{label}, {moment}" if label else moment

    @api.model
    def _is_shown_by(self, page, form):
        """:param str page: the page as it is about to be sent
        :param form: of :meth:`_form`, or of another page whose button grants something
        :return: whether it holds the form as it is, and nothing else that answers
        """
        before, found, after = page.partition(str(form))
        return bool(found) and not FIELDS.search(unescape(before + after))

    @api.model
    def _plain_page(self, form, values):
        """:return: a page that nobody can change, with the form"""
        title = values.get("title") or self.env._("Your privacy preferences")
        page = self._render_file(PLAIN, {**values, "title": title, "form": form})
        return Markup("<!DOCTYPE html>\n%s") % page

    @api.model
    def _render_file(self, path, values):
        # nothing of the website's own editing may get in
        renderer = self.env["ir.qweb"].with_context(
            inherit_branding=False, inherit_branding_auto=False, edit_translations=False
        )
        return renderer._render(path, values)
