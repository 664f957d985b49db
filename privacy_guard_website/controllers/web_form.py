import json

from odoo.addons.website.controllers import form
from odoo.http import request

from odoo.addons.privacy_guard.extending import evidence


class WebsiteForm(form.WebsiteForm):
    """Forms of the website obey what was ticked on them."""

    def _handle_website_form(self, model_name, **kwargs):
        if model_name == "mail.mail":
            # core reads it, and compares it, as one of its own
            posted = kwargs.get("website_form_signature")
            is_one = isinstance(posted, str) and posted.isascii()
            kwargs["website_form_signature"] = posted if is_one else ""
        response = super()._handle_website_form(model_name, **kwargs)
        waits = self._privacy_web_form()._may_wait(model_name)
        if not waits or not self._privacy_enabled():
            return response
        # whoever posts must not learn whether the address was known: neither by the
        # id, nor by the lack of one
        request.session.pop("form_builder_id", None)
        return json.dumps({"id": True}) if "id" in _object(response) else response

    def extract_data(self, model_sudo, values):
        """Leave out values whose box is not ticked, and what is no visitor's to say."""
        web_form = self._privacy_web_form()
        values = web_form._without_own(values)
        if self._privacy_enabled():
            values = web_form._without_links(model_sudo.model, values)
        data = super().extract_data(model_sudo, values)
        if self._privacy_enabled():
            posted = web_form._read(request.httprequest.form, model_sudo.model)
            data["record"] = web_form._consented(
                model_sudo.model, data["record"], posted
            )
        return data

    def insert_record(self, request, model_sudo, values, custom, meta=None):
        """Make the record and record the answers, or have the person confirm both."""
        web_form, model_name = self._privacy_web_form(), model_sudo.model
        if model_name == "mail.mail" and self._privacy_enabled():
            signature = str(request.params.get("website_form_signature") or "")
            values.update(web_form._copied(values, signature, evidence()["ip"]))
        posted = self._privacy_enabled() and web_form._read(
            request.httprequest.form, model_name
        )
        known = web_form._is_subject(model_name) or web_form._may_wait(model_name)
        if not posted or not (posted.notices or known):
            return super().insert_record(request, model_sudo, values, custom, meta=meta)
        address, origin = web_form._address(model_name, values), evidence()
        web_form._check_answerable(address, posted)
        may_mail = web_form._may_mail(model_name, address, origin["ip"])
        if web_form._is_refused(model_name, address):
            return False
        if web_form._waits(model_name, address):
            web_form._hold_form(model_name, address, values, posted, custom or "")
            return False
        was_known = bool(address) and web_form._known(address)
        name = web_form._visitor_name(model_name, values, request.httprequest.form)
        waiting = {}
        if was_known:
            waiting = web_form._waiting_values(model_name, values, posted)
            values = {k: v for k, v in values.items() if k not in waiting}
        id_ = super().insert_record(request, model_sudo, values, custom, meta=meta)
        record = web_form.env[model_name].browse(id_)
        web_form._take(
            record,
            address,
            was_known,
            posted,
            name=name,
            evidence=origin,
            waiting=waiting,
            may_mail=may_mail,
        )
        return id_

    def _privacy_web_form(self):
        # superuser: the visitor acts for themself, not for the user that the website
        # runs as
        return request.env["privacy.web.form"].sudo()

    def _privacy_enabled(self):
        return request.env["privacy.gate"]._is_enabled()


def _object(text):
    """:return: the JSON object of a response, {} when it is another value"""
    value = json.loads(text)
    return value if isinstance(value, dict) else {}
