from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure


class PrivacyMailingCount(models.Model):
    """How often mailings were opened, and links in them followed, by whomever.

    A row says how often and nothing else: not when, from where, or in which order. No
    group may read them: what is shown are totals that can hide somebody
    (`mailing.mailing`).
    """

    _name = "privacy.mailing.count"
    _description = "Openings and clicks of a mailing, of nobody in particular"
    # a date would tell when somebody read
    _log_access = False

    mailing_id = fields.Many2one(
        "mailing.mailing", required=True, index=True, ondelete="cascade"
    )
    link_id = fields.Many2one(
        "link.tracker", index="btree_not_null", ondelete="cascade"
    )
    hits = fields.Integer(required=True)

    @api.model
    def _hit(self, mailing, link):
        """Count one opening, or one click. It waits for nobody and loses none: whoever
        finds the row taken, or changed meanwhile, begins another; sums are over all.

        :param mailing: one ``mailing.mailing``
        :param link: ``link.tracker`` that was followed, none if it was opened
        """
        if not self._add(mailing, link):
            self.create({"mailing_id": mailing.id, "link_id": link.id, "hits": 1})

    @api.model
    def _add(self, mailing, link):
        """:return: whether there was a row that nobody else is writing to"""
        self.flush_model()
        statement = SQL(
            """
            UPDATE privacy_mailing_count SET hits = hits + 1
             WHERE id = (SELECT id FROM privacy_mailing_count
                          WHERE mailing_id = %s AND link_id IS NOT DISTINCT FROM %s
                          ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
            """,
            mailing.id,
            link.id or None,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(statement, log_exceptions=False)
                return bool(self.env.cr.rowcount)
        except SerializationFailure:
            return False
        finally:
            self.invalidate_model(["hits"], flush=False)

    @api.model
    def _sums(self, mailings):
        """:return: {(id of a mailing, id of a link or False for openings): hits}"""
        # superuser: totals are for whoever may read the mailing, rows for nobody
        rows = self.sudo()._read_group(
            [("mailing_id", "in", mailings.ids)],
            ["mailing_id", "link_id"],
            ["hits:sum"],
        )
        return {(mailing.id, link.id): hits for mailing, link, hits in rows}

    @api.autovacuum
    def _gc_split(self):
        """Put rows of one total together again that a rush has split."""
        self.env.cr.execute(
            """
            WITH gone AS (
                DELETE FROM privacy_mailing_count AS split
                      USING privacy_mailing_count AS other
                      WHERE other.mailing_id = split.mailing_id
                        AND other.link_id IS NOT DISTINCT FROM split.link_id
                        AND other.id <> split.id
                  RETURNING split.mailing_id, split.link_id, split.hits
            )
            INSERT INTO privacy_mailing_count (mailing_id, link_id, hits)
                 SELECT mailing_id, link_id, sum(hits)
                   FROM gone
               GROUP BY mailing_id, link_id
            """
        )
        self.invalidate_model(flush=False)
