from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac

from odoo.addons.privacy_guard.extending import addresses

OPTED_OUT = ("opted_out_user", "opted_out_contact")
RELATIONS = ("many2one", "one2many", "many2many")
# rows of a record that name people, or write to them
THREAD = {"mail.message", "mail.followers", "mail.activity"}


class PrivacyWebForm(models.AbstractModel):
    """What no visitor says, whatever the form builder lets a form take: whom a record
    belongs to, and whom a mail of the company goes to."""

    _inherit = "privacy.web.form"

    @api.model
    def _people_links(self, model_name):
        """Odoo writes the address and the number of a record into the contact that it
        is linked to: by the id of somebody, a visitor would change them.

        :return: names of the fields of a model of people that link to people, or that
            nobody writes; none of any other model
        """
        model = self.env.get(model_name)
        if model is None or not self._is_about_a_person(model):
            return set()
        people = {*self.env["consent.record"]._subject_models(), *THREAD}
        names = {
            name
            for name, field in model._fields.items()
            if field.type in RELATIONS and field.comodel_name in people
        }
        if not self._is_subject(model_name):
            return names
        return names | self.env["privacy.gate"]._control_fields(model)

    @api.model
    def _is_about_a_person(self, model):
        own = {getattr(model, "_primary_email", "email"), "email", "email_from"}
        return self._is_subject(model._name) or bool(own & model._fields.keys())

    @api.model
    def _without_links(self, model_name, values):
        """:param dict values: what was posted; files are numbered, as ``name[0]``
        :return: those that are a visitor's to say"""
        links = self._people_links(model_name)
        return {k: v for k, v in values.items() if k.split("[", 1)[0] not in links}

    @api.model
    def _copied(self, values, signature, ip):
        """Odoo signs whom the mail of a form goes to, but not who gets a copy; without
        the former it does not look at the signature.

        :param dict values: of a mail that a visitor sends
        :param str signature: what the form posted
        :param str ip: where it came from
        :return: {"email_cc": who gets a copy}: those who have not refused, as far as
            the limits go; {} without copies
        :raise UserError: the page did not show that
        """
        found = values.get("email_cc")
        if not found:
            return {}
        if not self._is_copy_signed(values.get("email_to") or "", signature):
            raise UserError(self._strange())
        posts = self.env["privacy.mail.post"]
        copied = [
            address
            for address in addresses.find(found)
            if not self._has_refused(address) and posts._may_pass(address, ip)
        ]
        return {"email_cc": ", ".join(copied)}

    @api.model
    def _has_refused(self, address):
        """:return: whether somebody outside the company, with this address, wants no
        mail of ours that is not for them alone"""
        # superuser: what people refuse binds whoever may see it
        blocked = self.env["mail.blacklist"].sudo().search([("email", "=", address)])
        links = self.env["privacy.preferences.link"]
        return (
            bool(blocked)
            or self.env["privacy.gate"]._has_stopped(address)
            or any(
                person.email_opt_in in OPTED_OUT and not _is_colleague(person)
                for people in links._everybody_at(address)
                for person in people
            )
        )

    @api.model
    def _is_copy_signed(self, email_to, signature):
        """:return: whether a form to this address has a field for copies"""
        digest, _separator, kind = (signature or "").partition(":")
        if not email_to or kind != "email_cc" or not digest.isascii():
            return False
        # superuser: the signing key is no user's to read
        env = self.env(su=True)
        signed = hmac(env, "website_form_signature", f"{email_to}:email_cc")
        return consteq(digest, signed)


def _is_colleague(person):
    return "partner_share" in person._fields and not person.partner_share
