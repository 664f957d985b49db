from datetime import timedelta

from odoo import api, models

# saves in one hour; a person corrects themself a few times, a script does not
PER_PERSON = 20
PER_IP = 100


class ConsentEvidence(models.Model):
    """How often answers came in: each save of the page leaves one row per person."""

    _inherit = "consent.evidence"

    _ip_idx = models.Index("(ip, create_date) WHERE ip IS NOT NULL")

    @api.model
    def _too_many_saves(self, subjects, ip):
        """:param list subjects: recordsets of the persons about to be answered for
        :param str ip: address that the request came from
        :return: whether either has saved too often in the last hour
        """
        since = self.env.cr.now() - timedelta(hours=1)
        # superuser: the limit counts what the visitor may not see
        evidence = self.sudo()
        recent = [("create_date", ">=", since), ("ip", "!=", False)]
        for persons in subjects:
            for person in persons:
                domain = [("res_model", "=", person._name), ("res_id", "=", person.id)]
                if (
                    evidence.search_count(recent + domain, limit=PER_PERSON)
                    >= PER_PERSON
                ):
                    return True
        domain = [*recent, ("ip", "=", ip)]
        return evidence.search_count(domain, limit=PER_IP) >= PER_IP
