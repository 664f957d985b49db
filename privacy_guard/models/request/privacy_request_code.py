import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...turns import Turn

TEMPLATE = "privacy_guard.mail_template_request_code"
LIFETIME = timedelta(hours=1)
# so many that guessing for as long as a code works is hopeless, however often
DIGITS = 12
# how many codes that work an address has at most, for each right
WORKING = 5


class PrivacyRequestCode(models.Model):
    """A person whose link is not fresh proves that the address is theirs by a code, to
    ask for something and to take it back (IDN-6).

    A code is of an address, a right and a direction, not of a request, and works for an
    hour or until it is used: what was mailed to ask takes nothing back. Others who have
    an old link of the person take none away: they neither replace it nor use up
    guesses, which are not counted, and the request that they take back has none. No
    further one is sent while several work: whoever reads the mail there has them
    (RTE-1).
    """

    _name = "privacy.request.code"
    _description = "Code that proves an address"
    _inherit = ["consent.frozen.mixin"]
    _log_access = False

    date = fields.Datetime(required=True, readonly=True, index=True)
    owner_digest = fields.Char(
        "Address and right",
        required=True,
        readonly=True,
        index=True,
        groups=fields.NO_ACCESS,
    )
    digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    last_request = fields.Integer(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="It takes back no request that was made after it was sent.",
    )

    @api.model
    def _send(self, subject, kind, requests, *, back=False):
        """Mail a code.

        :param subject: whose address it goes to, as superuser
        :param str kind: of privacy.request
        :param requests: the person's open ones of this kind
        :param bool back: whether it takes back, instead of asking
        :return: False when enough codes have been sent that still work
        """
        owner = self._owner(subject, kind, back)
        if self._count_working(owner) >= WORKING:
            return False
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self._make(
            [
                {
                    "date": fields.Datetime.now(),
                    "owner_digest": self._digest(owner),
                    "digest": self._digest(owner, code),
                    "last_request": max(requests.ids, default=0),
                }
            ]
        )
        company = subject._privacy_company()
        lang = subject._privacy_lang(company)
        subject._privacy_notify_person(
            TEMPLATE,
            company,
            secret=True,
            code=" ".join(code[i : i + 4] for i in range(0, DIGITS, 4)),
            kind=self._purpose(kind, back, lang),
        )
        return True

    @api.model
    def _use(self, subject, kind, typed, *, back=False):
        """Use up a code.

        :param subject: as of :meth:`_send`
        :param str kind: as of :meth:`_send`
        :param str typed: what the person typed
        :param bool back: as of :meth:`_send`
        :return: the highest id of a request that it takes back; None when it is no code
            of this address, right and direction, or too old
        """
        owner = self._owner(subject, kind, back)
        digits = "".join(filter(str.isdigit, typed))
        digest = self._digest(owner, digits)
        code = self._working(owner).filtered(lambda c: c.digest == digest)
        if not code:
            return None
        last_request = code[0].last_request
        code._drop()
        return last_request

    @api.model
    def _owner(self, subject, kind, back):
        direction = "back:" if back else ""
        return f"{direction}{kind}:{subject[subject._consent_email_field]}"

    @api.model
    def _purpose(self, kind, back, lang):
        """:return: what a code is for, as the mail says it"""
        label = self.env["privacy.request"]._kind_label(kind, lang)
        if not back:
            return label
        return self.with_context(lang=lang).env._("Take it back: %(kind)s", kind=label)

    @api.model
    def _working(self, owner):
        # superuser: no group may read them
        return self.sudo().search(
            [
                ("owner_digest", "=", self._digest(owner)),
                ("date", ">", fields.Datetime.now() - LIFETIME),
            ]
        )

    @api.model
    def _count_working(self, owner):
        """:return: how many work, those included that were sent at this moment"""
        digest = self._digest(owner)
        turn = Turn(self.env, [digest])
        sent = turn.unseen(self, SQL("owner_digest = %s", digest))
        return len(self._working(owner)) + sent

    @api.model
    def _digest(self, *texts):
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), "privacy_guard.code", repr(texts))

    @api.autovacuum
    def _gc_old(self):
        old = [("date", "<=", fields.Datetime.now() - LIFETIME)]
        self.sudo().search(old)._drop()  # superuser: as above
