import re
from dataclasses import dataclass
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed
from werkzeug.datastructures import MultiDict

from odoo.addons.privacy_guard.extending import addresses

# The hidden field that says what the form showed, signed; and the boxes.
FORM = "privacy_form"
BOX = "privacy_consent_"
TICKED = "yes"
SCOPE = "privacy_guard.web_form"
# What a form with all consents that can exist needs; anything else is refused
# before it is decoded.
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,4096}")
CONTACTS = "res.partner"
ACCOUNTS = "res.users"


@dataclass(frozen=True)
class Posted:
    """What a visitor ticked on a form.

    :param str label: the page that the form is on
    :param str lang: language that the texts were shown in
    :param notices: ``consent.notice`` of the boxes that are ticked
    """

    label: str
    lang: str
    notices: Any

    @property
    def purposes(self):
        return self.notices.purpose_id

    @property
    def answers(self):
        """:return: {purpose id: "granted"}; a box that is not ticked says nothing"""
        return dict.fromkeys(self.purposes.ids, "granted")


class PrivacyWebForm(models.AbstractModel):
    """Consent in the forms of the website, without any HTTP (GDPR Art. 7).

    A form shows a box per consent, never ticked. Only ticking it says something: a
    person who writes to us and leaves a box alone revokes nothing. What holds for
    forms holds for whoever posts by hand.
    """

    _name = "privacy.web.form"
    _description = "Consent in web forms"

    # ------------------------------------------------------------------
    # What a form showed
    # ------------------------------------------------------------------

    @api.model
    def _sign(self, model_name, label, lang, notices):
        """:return: what a form shows, as a field that nobody can forge"""
        payload = [model_name, label, lang, notices.ids]
        return hash_sign(self.env(su=True), SCOPE, payload)

    @api.model
    def _render_values(self, model_name, label, lang, notices):
        """:return: what a template needs to show the texts, and to say so in a post"""
        return {
            "notices": notices,
            "form_field": FORM,
            "token": self._sign(model_name, label, lang, notices),
            "lang_of": self.env["privacy.preferences.page"]._html_lang,
        }

    @api.model
    def _shown(self, token, model_name):
        """:return: (label, language, ids of notices) that a form of ours showed
        :raise UserError: it is not one of ours, or one for something else"""
        payload = None
        if TOKEN.fullmatch(token or ""):
            try:
                payload = verify_hash_signed(self.env(su=True), SCOPE, token)
            except ValueError:
                # what base64, UTF-8, JSON and the format version raise on garbage
                payload = None
        if not payload or payload[0] != model_name:
            raise UserError(self._strange())
        return payload[1:]

    @api.model
    def _read(self, form, model_name):
        """Read a posted form; all of it or nothing.

        :param form: the posted pairs, a multi-dictionary
        :param str model_name: what the form makes
        :return: :class:`Posted`
        :raise UserError: it holds what the page did not show, or a text that has been
            revised since
        """
        none = self.env["consent.notice"].sudo()
        own = {name: values for name, values in form.lists() if self._is_own(name)}
        if not own:
            return Posted("", self.env.lang, none)
        if any(len(values) != 1 for values in own.values()):
            raise UserError(self._strange())
        tokens = own.pop(FORM, [""])
        label, lang, ids = self._shown(tokens[0], model_name)
        boxes = {f"{BOX}{id_}": id_ for id_ in ids}
        if not own.keys() <= boxes.keys() or any(v != [TICKED] for v in own.values()):
            raise UserError(self._strange())
        notices = none.browse(sorted(boxes[name] for name in own))
        if notices != self._still_shown(notices, lang):
            raise UserError(
                self.env._(
                    "The text of a consent has been revised. Please load the page "
                    "again and read it before you send the form; nothing was saved."
                )
            )
        return Posted(label, lang, notices)

    @api.model
    def _read_without_boxes(self, token, model_name):
        """Read a form that says: by sending it, you agree to this.

        :param str token: the hidden field
        :return: as of :meth:`_read`, with all that the form showed
        """
        _label, _lang, ids = self._shown(token, model_name)
        ticked = [(f"{BOX}{id_}", TICKED) for id_ in ids]
        return self._read(MultiDict([(FORM, token), *ticked]), model_name)

    @api.model
    def _still_shown(self, notices, lang):
        """:return: those of the notices that people are shown now in this language"""
        purposes = notices.purpose_id.filtered("active").with_context(lang=lang)
        current = purposes._current_notices()
        return notices.filtered(lambda n: current.get(n.purpose_id.id) == n)

    @api.model
    def _strange(self):
        return self.env._(
            "The form holds what its page did not show; nothing was saved. Please load "
            "the page again."
        )

    @api.model
    def _is_own(self, name):
        return name == FORM or name.startswith(BOX)

    @api.model
    def _without_own(self, values):
        """:return: the posted values that are no answers"""
        return {k: v for k, v in values.items() if not self._is_own(k)}

    # ------------------------------------------------------------------
    # What it means
    # ------------------------------------------------------------------

    @api.model
    def _is_subject(self, model_name):
        return model_name in self.env["consent.record"]._subject_models()

    @api.model
    def _data_purposes(self, model_name):
        """:return: consents without which values of a model are not taken"""
        if not self._is_subject(model_name):
            return self.env["consent.purpose"]
        return (
            self.env["consent.purpose"]
            ._active_for(model_name)
            .filtered(
                lambda purpose: (
                    purpose.kind == "data"
                    and purpose.default_selection == "no"
                    and purpose.field_id.model == model_name
                )
            )
        )

    @api.model
    def _consented(self, model_name, values, posted):
        """A value whose box is not ticked is not stored, whether the page showed a box
        or somebody posted by hand.

        :param dict values: to create a record with
        :return: those that may be stored
        """
        left_out = self._data_purposes(model_name) - posted.purposes
        names = set(left_out.field_id.mapped("name"))
        return {name: value for name, value in values.items() if name not in names}

    @api.model
    def _waiting_values(self, model_name, values, posted):
        """:param dict values: to create a record with
        :return: those of them that need a yes which waits for its confirmation"""
        asked = self._data_purposes(model_name) & posted.purposes
        names = set(asked.field_id.mapped("name"))
        return {name: values[name] for name in names & values.keys() if values[name]}

    @api.model
    def _address(self, model_name, values):
        """:return: the visitor's address, canonical; None in a form without any
        :raise UserError: as :meth:`_one_address`"""
        own = getattr(self.env[model_name], "_primary_email", "email")
        for name in (own, "email_from", "email"):
            if (values.get(name) or "").strip():
                return self._one_address(values[name])
        return None

    @api.model
    def _check_answerable(self, address, posted):
        """:param address: of the visitor, or None
        :param posted: what was ticked
        :raise UserError: nobody could confirm it, or take it back"""
        if posted.notices and not address:
            raise UserError(
                self.env._(
                    "Please enter your e-mail address: without one we cannot record "
                    "what you consent to. Nothing was saved."
                )
            )

    @api.model
    def _one_address(self, text):
        """:return: the address that a visitor entered, canonical
        :raise UserError: it is none, or several: nobody would know whose answers
            these are, and each would count as a form of somebody else"""
        if address := addresses.entered(text):
            return address
        raise UserError(self.env._("Please enter one valid e-mail address."))

    @api.model
    def _check_length(self, text):
        """:raise UserError: what a visitor entered is too long for an address, and is
        not even looked at"""
        if addresses.is_too_long(text):
            self._one_address(text)
