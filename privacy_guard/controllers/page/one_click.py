from functools import partial

from odoo.http import Controller, request, route

from ... import responses as pages


class OneClickController(Controller):
    """RFC 8058: mail programs unsubscribe by one POST, without cookies or login."""

    @route(
        [
            "/privacy/one-click/<string(minlength=40,maxlength=512):token>",
            "/privacy/one-click/<string(maxlength=200):purposes>"
            "/<string(minlength=40,maxlength=512):token>",
        ],
        # the sender of this POST is a mail program
        **pages.LINK_ROUTE,
    )
    def one_click(self, token, purposes=None):
        """POST refuses what the link is for; GET offers a button and never acts.

        The link says all: clients send bodies of many kinds, or none. A no has no limit
        (RTE-1): providers post for all their users from a few addresses.

        :param str purposes: ids of consents, part of what is signed; without them it is
            everything about e-mail
        """
        if not request.env["privacy.gate"]._is_enabled():
            return pages.neutral(404)
        scope = f"one_click.{purposes}" if purposes else "one_click"
        subject = self._find(token, scope)
        links = request.env["privacy.preferences.link"]
        subjects = (
            links._subjects(subject) if subject else links._refusing(token, scope)
        )
        ids = (
            {int(id_) for id_ in purposes.split("-")} if purposes and subjects else None
        )
        show = partial(self._show, ids, bool(subject))
        return pages.answer_link(
            subjects, show, partial(self._unsubscribe, ids), refuses=True
        )

    def _find(self, token, scope):
        """:return: whose link it is, None when it does not hold"""
        links = request.env["privacy.preferences.link"]
        payload = links._verify(token, scope)
        if not payload:
            return None
        subject = links._subject(payload)
        if "lang" in subject._fields and subject.lang:
            request.update_context(lang=subject.lang)
        return subject

    def _show(self, purpose_ids, is_own, subjects):
        """Who comes back is not asked for what they have refused; nobody is told what
        somebody else has."""
        page = request.env["privacy.preferences.page"]
        is_done = is_own and self._is_done(subjects, purpose_ids)
        name = "unsubscribed" if is_done else "one_click"
        company = page._company(subjects if is_own else [])
        values = {"company": company, "url": request.httprequest.path}
        return pages.render(f"privacy_guard.preferences_{name}", values)

    def _is_done(self, subjects, purpose_ids):
        page = request.env["privacy.preferences.page"]
        if any(page._not_refused(persons, purpose_ids) for persons in subjects):
            return False
        return purpose_ids is not None or all(
            person.email_opt_in == "opted_out_contact"
            for persons in subjects
            for person in persons
        )

    def _unsubscribe(self, purpose_ids, subjects):
        page = request.env["privacy.preferences.page"]
        page._refuse_email(subjects, evidence=pages.evidence(), purpose_ids=purpose_ids)
        for persons in subjects if purpose_ids is None else ():
            persons._privacy_opt_out_by_contact()
        if request.httprequest.form.get("from") == "page":
            values = {"company": page._company(subjects)}
            return pages.render("privacy_guard.preferences_unsubscribed", values)
        return pages.harden(request.make_response(""))
