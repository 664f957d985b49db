from functools import partial

from odoo.http import Controller, request, route

from ... import responses as pages


class OneClickController(Controller):
    """RFC 8058: mail programs unsubscribe by one POST, without cookies or login."""

    @route(
        [
            "/privacy/one-click/<string(minlength=40,maxlength=1024):token>",
            "/privacy/one-click/<string(maxlength=200):purposes>"
            "/<string(minlength=40,maxlength=1024):token>",
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
        subject = pages.subject_of(token, scope)
        links = request.env["privacy.preferences.link"]
        subjects = (
            links._subjects(subject) if subject else links._refusing(token, scope)
        )
        ids = (
            {int(id_) for id_ in purposes.split("-")} if purposes and subjects else None
        )
        objection = None if subject else self._objection_url(token, scope)
        show = partial(self._show, ids, subject, objection)
        if subject and request.httprequest.form.get("less"):
            # our own page asks for it: what a mail program posts refuses
            offer = partial(self._offer_less, ids, subject)
            return pages.answer_link(subjects, show, offer)
        refuse = partial(self._unsubscribe, ids, subject)
        return pages.answer_link(subjects, show, refuse, refuses=True)

    def _objection_url(self, token, scope):
        """:return: where somebody whose record is gone asks to stop processing, None
        where there is nobody who may"""
        links = request.env["privacy.preferences.link"]
        own = links._token_to_refuse(token, scope)
        return f"/privacy/objection/{own}/request" if links._objecting(own) else None

    def _show(self, purpose_ids, subject, objection, subjects):
        """Who comes back is not asked for what they have refused; nobody is told what
        somebody else has.

        :param subject: whose link it is, nothing if they are gone
        :param objection: of :meth:`_objection_url`
        :param list subjects: whom it refuses for
        """
        is_done = subject and self._is_done(subjects, purpose_ids)
        name = "unsubscribed" if is_done else "one_click"
        offer = self._offer(subject, subjects)
        return self._render(name, subject, offer, objection)

    def _render(self, name, subject, offer, objection=None):
        page = request.env["privacy.preferences.page"]
        values = {
            "company": page._company([subject] if subject else []),
            "url": request.httprequest.path,
            "offer": offer,
            "objection": objection,
        }
        return pages.render(f"privacy_guard.preferences_{name}", values)

    def _offer(self, subject, subjects):
        """:return: what the page offers to who has left: "less", or nothing where they
        cannot choose that (PRF-1)"""
        # superuser: what a question is about is no secret of who is asked
        purposes = request.env["consent.purpose"].sudo()
        for persons in subjects if subject else ():
            purposes |= persons._consent_applying().purpose_id
        return "less" if any(p._privacy_can_be_less() for p in purposes) else None

    def _offer_less(self, purpose_ids, subject, subjects):
        """Less than before and more than nothing is a new choice, which this link does
        not make: it only ever withdraws. The one to the page is mailed."""
        page, sent = request.env["privacy.preferences.page"], None
        if self._is_done(subjects, purpose_ids) and self._may_mail(subject):
            ids = {
                record.purpose_id.id
                for persons in subjects
                for record in persons._consent_applying()
                if record.value == "refused"
            }
            lines = page._recorded(subjects, ids)
            title = page._less_question()
            mail = page._send_confirmation(subject, subjects, lines, title=title)
            sent = mail and "sent"
        return self._render("unsubscribed", subject, sent)

    def _may_mail(self, subject):
        """Whoever was passed on a mail has this link as well: from all networks
        together it causes few mails, and it uses up nothing of what the person may do.

        :return: whether there were not too many
        """
        link = f"one_click:{subject[subject._consent_email_field]}"
        return request.env["privacy.mail.post"]._may_pass(link, link)

    def _is_done(self, subjects, purpose_ids):
        page = request.env["privacy.preferences.page"]
        if any(page._not_refused(persons, purpose_ids) for persons in subjects):
            return False
        return purpose_ids is not None or all(
            person.email_opt_in == "opted_out_contact"
            for persons in subjects
            for person in persons
        )

    def _unsubscribe(self, purpose_ids, subject, subjects):
        page = request.env["privacy.preferences.page"]
        page._refuse_email(subjects, evidence=pages.evidence(), purpose_ids=purpose_ids)
        for persons in subjects if purpose_ids is None else ():
            persons._privacy_opt_out_by_contact()
        if request.httprequest.form.get("from") == "page":
            offer = self._offer(subject, subjects)
            return self._render("unsubscribed", subject, offer)
        return pages.harden(request.make_response(""))
