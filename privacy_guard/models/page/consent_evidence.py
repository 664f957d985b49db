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
        own = (
            [("res_model", "=", person._name), ("res_id", "=", person.id)]
            for persons in subjects
            for person in persons
        )
        return any(
            self._is_reached(domain, PER_PERSON) for domain in own
        ) or self._is_reached([("ip", "=", ip)], PER_IP)

    @api.model
    def _is_reached(self, domain, limit):
        """:return: whether so many saves were made in the last hour"""
        since = self.env.cr.now() - timedelta(hours=1)
        recent = [("create_date", ">=", since), ("ip", "!=", False), *domain]
        # superuser: the limit counts what the visitor may not see
        return self.sudo().search_count(recent, limit=limit) >= limit
