from markupsafe import Markup, escape
from odoo import SUPERUSER_ID, api, models
from odoo.addons.base.models.ir_qweb_fields import nl2br

from odoo.addons.privacy_guard.extending import SKIP_LOCKED, addresses

from .privacy_web_form import CONTACTS, Posted

FORM = "privacy_guard_website/static/templates/web_form_confirm.xml"


class PrivacyWebFormPending(models.Model):
    """What confirming it does."""

    _inherit = "privacy.web.form.pending"

    def _summary(self):
        """:return: {"values": [(label, value)], "notices": texts} for the page; only
        what was posted, nothing that is stored"""
        content = self._still_wanted(self._later_no())
        posted = self._posted(content)
        name, _id, waiting = self._made(content)
        entered = [(CONTACTS, content["values"]), (name, waiting)]
        values = [
            line
            for model_name, values in entered
            for line in self._shown(model_name, values, posted.lang)
        ]
        return {"values": values, "notices": posted.notices, "lang": posted.lang}

    @api.model
    def _form(self, summary, url, pressed):
        """:param dict summary: of :meth:`_summary`
        :param str url: where it is posted to
        :param str pressed: what its button posts along
        :return: what is confirmed, and the button, as shipped"""
        values = {
            "url": url,
            "pressed": pressed,
            "entered": summary["values"],
            "notices": summary["notices"],
            "texts": {
                "entered": self.env._("Entered"),
                "consented": self.env._("Consented to"),
                "confirm": self.env._("Confirm"),
            },
        }
        return self.env["privacy.preferences.page"]._render_file(FORM, values)

    def _shown(self, model_name, values, lang):
        """:return: list of (label, value) of what was entered as text"""
        model = self.env[model_name].with_context(lang=lang)
        return [
            (model._fields[name]._description_string(model.env), value)
            for name, value in values.items()
            if isinstance(value, str) and model._fields[name].type in ("char", "text")
        ]

    def _made(self, content):
        """:return: (model, id, values that wait) of the record that the form has
        made"""
        return content.get("record") or (CONTACTS, False, {})

    def _confirm(self, evidence):
        """Do what the person has confirmed, once.

        :param dict evidence: ip and user_agent of whoever confirms
        :return: {"stale": whether a text was revised meanwhile} and what `_fill()`
            says; None when it was confirmed before, or does not count any more
        """
        later, address = self._later_no(), self.email
        content = self._still_wanted(later)
        web_form = self.env["privacy.web.form"]
        if not self._may_be_confirmed() or not self._discard():
            return None
        posted = self._posted(content)
        subjects = self._subjects(address, content)
        current = web_form._still_shown(posted.notices, posted.lang)
        proven = self.env["privacy.preferences.link"]._proven(subjects)
        web_form._record(proven, current, posted, evidence, by_address=True)
        if not later.email and any(current.purpose_id.mapped("covers_email")):
            for persons in proven:
                active = persons.filtered(lambda p: p.privacy_status == "active")
                active._privacy_opt_in_confirm()
        self._complete(content, address)
        filled = self._fill(proven, content)
        filled["left_out"] |= content["refused"]
        return {"stale": current != posted.notices, **filled}

    def _posted(self, content):
        notices = self.env["consent.notice"].browse(content["notice_ids"]).exists()
        return Posted(content["label"], content["lang"], notices)

    def _subjects(self, address, content):
        """:return: everybody with the address, and a new contact if nobody of them can
        say or have what was entered"""
        links = self.env["privacy.preferences.link"].with_user(SUPERUSER_ID)
        subjects = links._subjects_at(address)
        names = {persons._name for persons in subjects}
        purposes = self._posted(content).purposes
        has_room = not content["values"] and all(
            any(purpose._can_target(name) for name in names) for purpose in purposes
        )
        if CONTACTS in names or (names and has_room):
            return subjects
        values = {
            "name": content["name"] or address,
            "email": address,
            "lang": content["lang"],
            **content["values"],
        }
        contact = self.env[CONTACTS].with_user(SUPERUSER_ID).create(values)
        return [*subjects, contact]

    def _complete(self, content, address):
        """Give the record that the form has made what had to wait for a yes; it may be
        somebody else's by now."""
        model_name, id_, values = self._made(content)
        record = self.env[model_name].with_user(SUPERUSER_ID).browse(id_ or ()).exists()
        # what is no subject, such as a registration, has an address as it was typed
        own = getattr(record, "_consent_email_field", "email")
        if record and addresses.only(record[own]) == address:
            record.with_context(**{SKIP_LOCKED: True}).write(values)

    def _fill(self, subjects, content):
        """Complete the contact of the person by what they entered. What we have already
        stays, whoever typed something else, the name included: it is noted with the
        contact, where a user may take it over.

        :return: {"left_out": whether something may not be stored, "kept": whether we
            had something else already}
        """
        persons = [s for s in subjects if s._name == CONTACTS]
        # a company is not the person who reads its mail
        contact = persons and persons[0].filtered(lambda p: not p.is_company)[:1]
        values = {k: v for k, v in content["values"].items() if k != "email"}
        if not contact:
            return {"left_out": bool(values), "kept": False}
        empty = {name: value for name, value in values.items() if not contact[name]}
        contact.with_context(**{SKIP_LOCKED: True}).write(empty)
        differing = {
            name: value
            for name, value in values.items()
            if isinstance(value, str) and contact[name] != value
        }
        reasons = self.env["privacy.gate"]._lock_reasons(contact, values.keys())
        locked = set().union(*reasons.values())
        left_out = differing.keys() & (locked | empty.keys())
        kept = {k: v for k, v in differing.items() if k not in left_out}
        self._note(contact, kept, content["text"], content["lang"])
        return {"left_out": bool(left_out), "kept": bool(kept)}

    def _note(self, contact, kept, text, lang):
        """In the language of who works with the contact, but for the person's own
        words, which say which theirs is.

        :param dict kept: what the person entered, and we have something else
        :param str text: what else was written into the form
        :param str lang: of the form"""
        [contact] = contact._privacy_to_readers()
        encrypted = contact._privacy_encrypted_names()
        tag = self.env["privacy.preferences.page"]._html_lang(lang)
        said = Markup('<span lang="%s">%%s</span>') % tag
        lines = [
            Markup("%s: %s")
            % (contact._fields[name]._description_string(contact.env), said % value)
            for name, value in kept.items()
            if name not in encrypted
        ]
        if lines:
            title = contact.env._("Entered in a web form; we have something else:")
            lines.insert(0, escape(title))
        if text:
            lines.append(said % nl2br(text))
        if lines:
            body = Markup("<p>%s</p>") % Markup("<br/>").join(lines)
            contact._message_log(body=body, message_type="comment")
