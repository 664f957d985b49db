import logging

import psycopg2
from odoo import models

from ...attempts import CONCURRENCY, explain

_logger = logging.getLogger(__name__)

NOBODY = "nobody@example.invalid"  # RFC 2606


class MailMail(models.Model):
    """A mail of which the gate cannot be asked, for instance, holds up no other."""

    _inherit = "mail.mail"

    def _privacy_try(self, step):
        """Do a step for all of these mails at once. Where it fails, each is tried by
        itself, and the one that it fails for is not sent, with the reason: it would
        hold up all others, and whenever the queue is emptied.

        In no savepoint: a step may be done again, and this is done for each mail.

        :param step: function of mails
        :return: list of what it returned, each time that it worked
        """
        try:
            return [step(self)]
        except (*CONCURRENCY, psycopg2.Error, MemoryError):
            raise  # no mail's fault
        except Exception as error:
            if len(self) == 1:
                # where the gate answers nobody, it is not the mail that has failed
                self.env["privacy.gate"]._mail_refusals({"automatic": {NOBODY}})
                self._privacy_fail(error)
                return []
        return [result for mail in self for result in mail._privacy_try(step)]

    def _privacy_fail(self, error):
        """Say of a mail that it could not be sent; it may be tried again."""
        _logger.exception("%s cannot be sent", self)
        failure = {
            "failure_reason": explain(self.env, error),
            "failure_type": "unknown",
        }
        self.write({**failure, "state": "exception"})
        self._postprocess_sent_message([], [], **failure)
