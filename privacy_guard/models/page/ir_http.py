from contextlib import suppress

from odoo import models
from odoo.exceptions import UserError
from odoo.http import SessionExpiredException, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from ... import responses
from ...tools.mail_language import ASKED


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """A path that cannot be stored leads nowhere: looking for one would break."""
        if not responses.is_storable(path_info):
            raise BadRequest()
        return super()._match(path_info)

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Where the link says all, a body that is too long is not read, and takes
        nothing from what the link says."""
        posted = request.httprequest
        ignored = posted.path.startswith(responses.BODILESS)
        if ignored and (posted.content_length or 0) > responses.MAX_BODY:
            posted.form, posted.files = ImmutableMultiDict(), ImmutableMultiDict()
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _dispatch(cls, endpoint):
        """The pages take their form from the body; a field of a stranger's making
        must not become an argument of the endpoint."""
        if responses.is_personal_page(request.httprequest.path):
            known = ("token", "export_id", "event_id", "purposes")
            request.params = {
                k: request.params[k] for k in known if k in request.params
            }
        elif cls._privacy_extends(endpoint):
            cls._privacy_check_posted()
        return super()._dispatch(endpoint)

    @classmethod
    def _privacy_extends(cls, endpoint):
        """:return: whether a route is of a controller of Odoo that we extend"""
        controller = getattr(getattr(endpoint, "func", None), "__self__", None)
        return any(
            base.__module__.startswith("odoo.addons.privacy_guard")
            for base in type(controller).__mro__
        )

    @classmethod
    def _privacy_check_posted(cls):
        """No browser sends such text, and the database stores none: refused before it
        is looked up or written anywhere.

        :raise UserError: the request is answered with
        """
        posted = [request.params]
        if request.dispatcher.routing_type == "http":
            posted += [dict(request.httprequest.form.lists())]
        if not responses.is_storable(posted):
            raise UserError(
                request.env._("The form has characters that cannot be stored.")
            )

    @classmethod
    def _privacy_asked_language(cls):
        """:return: code of the language that the address or the form of the page names,
        as the links of our mails do; False where there is none of that name"""
        asked = request.httprequest.args.get(ASKED)
        # of a body that is too long nothing can be read
        with suppress(RequestEntityTooLarge):
            asked = asked or request.httprequest.form.get(ASKED)
        installed = [code for code, _name in request.env["res.lang"].get_installed()]
        return asked in installed and asked

    @classmethod
    def _privacy_speak_to(cls, subject):
        """Go on in the language of the mail that led here, else in that in which the
        person is written to.

        :param subject: the person, as superuser; None where only an address is known
        """
        lang = cls._privacy_asked_language()
        if subject and not lang:
            lang = subject._privacy_lang(subject._privacy_company())
        if lang:
            request.update_context(lang=lang)

    @classmethod
    def _handle_error(cls, exception):
        """Whatever goes wrong under a personal link looks the same to the visitor:
        no traceback, no hint at what exists, no copy in a cache."""
        path = request.httprequest.path
        expired = isinstance(exception, SessionExpiredException)
        if expired or not responses.is_personal_page(path):
            return super()._handle_error(exception)
        # first: a transaction that has failed does not even say who the visitor is
        request.env.cr.rollback()
        if not request.env.uid:
            cls._auth_method_public()
        if not hasattr(request, "params"):
            # a body that could not be read: what sets cookies by them looks for some
            request.params = {}
        response = responses.neutral(responses.status_of(exception))
        response.flatten()
        cls._post_dispatch(response)
        return response
