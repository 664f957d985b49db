from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...constants import OPEN_REQUEST, PENDING_REQUEST


class PrivacyRequestSubject(models.Model):
    """A record that a request is about: one person may have hundreds, and asks once."""

    _name = "privacy.request.subject"
    _description = "Record that a privacy request is about"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id"
    _log_access = False
    _keeps_rows_of_deleted_subjects = True

    request_id = fields.Many2one(
        "privacy.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    has_locked = fields.Boolean(
        "Locked by the request",
        readonly=True,
        help="The record was locked by this request and no other.",
    )

    _subject_uniq = models.Constraint(
        "UNIQUE (request_id, res_model, res_id)",
        "A request is about a record once.",
    )
    _subject_idx = models.Index("(res_model, res_id)")

    @api.model
    def _domain_of(self, subjects):
        """:param subjects: subjects of one model
        :return: Domain of the rows about them"""
        return Domain("res_model", "=", subjects._name) & Domain(
            "res_id", "in", subjects.ids
        )

    @api.model
    def _open_of(self, subjects, kind):
        """:return: the rows of open requests of a kind about these subjects, as
        superuser"""
        return self._of(subjects, kind, OPEN_REQUEST)

    @api.model
    def _of(self, subjects, kind, states):
        """:return: the rows of requests of a kind, in one of these states, about these
        subjects, as superuser"""
        # superuser: a request binds whoever may see the subject
        return self.sudo().search(
            self._domain_of(subjects)
            & Domain("request_id.kind", "=", kind)
            & Domain("request_id.state", "in", states)
        )

    def _of_people(self, people):
        """:return: those of these rows that are about these subjects of one model"""
        ids = set(people.ids)
        return self.filtered(
            lambda row: row.res_model == people._name and row.res_id in ids
        )

    def _without_unconfirmed(self):
        """An officer confirms nothing in the person's name: what is recorded for them
        begins anew.

        :return: these rows without those of unconfirmed requests, which are discarded
        """
        doubtful = self.request_id.filtered(lambda r: r.state == "unconfirmed")
        kept = self.filtered(lambda row: row.request_id not in doubtful)
        doubtful._discard()
        return kept

    def _people(self):
        """:return: list of (rows, the subjects that there still are, as superuser), one
        per model"""
        return [
            # superuser: as above
            (rows, self.env[model].sudo().browse(rows.mapped("res_id")).exists())
            for model, rows in self.grouped("res_model").items()
        ]

    def _people_by_proof(self):
        """:return: list of (rows, subjects, what ``_privacy_elsewhere()`` takes to say
        how far it goes): in the portal, a login proves no address (IDN-4)"""
        by_proof = self.grouped(
            lambda row: (row.request_id._officer(), row.request_id.channel != "portal")
        )
        return [
            (rows, subjects, {"officer": officer, "by_address": is_proven})
            for (officer, is_proven), same in by_proof.items()
            for rows, subjects in same._people()
        ]

    @api.model
    def _share(self, sources, model_name):
        """Open requests to stop are about records that came later, too.

        :param dict sources: {id of a record: the stopped one that it is like}
        :param str model_name: of the records
        """
        by_source = {}
        for id_, source in sources.items():
            by_source.setdefault(source._name, {}).setdefault(source.id, []).append(id_)
        for name, ids in by_source.items():
            rows = self._of(self.env[name].browse(ids), "stop", PENDING_REQUEST)
            self.sudo()._make(
                [
                    {
                        "request_id": row.request_id.id,
                        "res_model": model_name,
                        "res_id": id_,
                        "has_locked": True,
                    }
                    for row in rows
                    for id_ in ids[row.res_id]
                ]
            )

    # ------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------

    @api.model
    def _is_stopped_besides(self, people):
        """:return: whether one of these subjects of one model is stopped by more than
        an open request about it: by one that is done, or the suppression list"""
        stopped = people.sudo().filtered(lambda s: s.privacy_status == "stopped")
        rows = self._of(stopped, "stop", PENDING_REQUEST).filtered("has_locked")
        return bool(set(stopped.ids) - set(rows.mapped("res_id")))

    @api.model
    def _take_over(self, requests, target):
        """One request is about what others, which are closed, were about as well, and
        holds what they locked.

        :param target: the request that goes on
        """
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_request_subject AS own
                            (request_id, res_model, res_id, has_locked)
                     SELECT %s, res_model, res_id, bool_or(has_locked)
                       FROM privacy_request_subject
                      WHERE request_id = ANY(%s)
                   GROUP BY res_model, res_id
                ON CONFLICT (request_id, res_model, res_id) DO UPDATE
                        SET has_locked = own.has_locked OR EXCLUDED.has_locked
                  RETURNING id
                """,
                target.id,
                requests.ids,
            )
        )
        self.invalidate_model(flush=False)
        target.invalidate_recordset(["subject_ids"], flush=False)

    @api.model
    def _move(self, sources, target):
        """What was about contacts that are merged into another one is about that."""
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    DELETE FROM privacy_request_subject
                          WHERE res_model = %(model)s AND res_id = ANY(%(ids)s)
                      RETURNING request_id, res_model, has_locked
                )
                INSERT INTO privacy_request_subject AS own
                            (request_id, res_model, res_id, has_locked)
                     SELECT request_id, res_model, %(target)s, bool_or(has_locked)
                       FROM moved GROUP BY request_id, res_model
                ON CONFLICT (request_id, res_model, res_id) DO UPDATE
                        SET has_locked = own.has_locked OR EXCLUDED.has_locked
                  RETURNING id
                """,
                model=target._name,
                ids=sources.ids,
                target=target.id,
            )
        )
        self.env["privacy.request"].invalidate_model(["subject_ids"], flush=False)
        self.invalidate_model(flush=False)
