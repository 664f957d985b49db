from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import retrying

from ...attempts import attempt_each

STATES = [
    ("queued", "In preparation"),
    ("ready", "Ready"),
    ("downloaded", "Downloaded"),
    ("expired", "Expired"),
    ("failed", "Failed"),
]
SOURCES = [
    ("preferences", "Preferences page"),
    ("portal", "Portal"),
    ("request", "Privacy request"),
    ("officer", "Officer"),
]
# How long a file waits. A person needs some days to open their mail; then it goes.
KEEP = timedelta(days=7)
# What somebody with a link can make us do, once per person, under whichever record.
PAUSE = timedelta(hours=24)


class PrivacyExport(models.Model):
    """An access copy: the data of a person, put together for them (GDPR Art. 15(3) and
    20).

    It is built in the background and purged after a week; until then it may be
    downloaded again, since a download may break off. Meanwhile it lies sealed in
    ``privacy.export.part``.
    """

    _name = "privacy.export"
    _description = "Access copy"
    _inherit = [
        "consent.frozen.mixin",
        "consent.subject.row.mixin",
        "privacy.job.mixin",
    ]
    _order = "id desc"
    _log_access = False
    _keeps_rows_of_deleted_subjects = True
    _job_cron = "privacy_guard.ir_cron_privacy_export"
    _job_begun = "date"

    date = fields.Datetime("Asked for on", required=True, readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Asked for by", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    ready_at = fields.Datetime("Ready since", readonly=True)
    expires_at = fields.Datetime("Purged on", readonly=True)
    downloaded_at = fields.Datetime("Downloaded on", readonly=True)
    size = fields.Integer("Size in bytes", readonly=True, aggregator=None)

    _subject_idx = models.Index("(res_model, res_id)")
    _queued_idx = models.Index("(id) WHERE state IN ('queued', 'ready')")

    @api.model
    def _ask(self, subject, source):
        """Have the data of a person put together.

        :param subject: the person, one record
        :param str source: of ``SOURCES``; an officer's is downloaded by officers, the
            others by the person, who gets a mail
        :return: the export, the one under way if there is one
        :raise UserError: an erased person has no data left, a copy was made less than a
            day ago, or it would be mailed to an unproven address
        """
        subject.ensure_one()
        # superuser: the status binds whoever asks; of two at once the second waits
        person = subject.sudo()
        person.lock_for_update()
        if person.privacy_status == "erased":
            raise UserError(self.env._("The data of this person were erased."))
        if source != "officer" and not person._privacy_proven():
            raise UserError(
                self.env._(
                    "The e-mail address replaced another one and is not confirmed yet: "
                    "no copy is mailed there."
                )
            )
        recent = self._recent(person, source)
        if recent.state == "queued":
            return recent.with_env(self.env)
        if recent and source in ("preferences", "portal"):
            raise UserError(
                self.env._("A copy was made less than a day ago. Try again tomorrow.")
            )
        export = self._make([self._prepare(subject, source)])
        self._cron()._trigger()
        return export

    @api.model
    def _recent(self, subject, source):
        """:return: the last export in the pause, or none, as superuser: of the person,
        whichever of the records under their address it was asked for"""
        about = Domain.OR(
            Domain("res_model", "=", people._name) & Domain("res_id", "in", people.ids)
            for people in self._asked_before(subject, source)
        )
        recent = Domain("date", ">", fields.Datetime.now() - PAUSE)
        # what nobody can reach any more; files live longer than the pause
        recent &= Domain("state", "!=", "expired")
        if source == "officer":
            # another officer's holds what the companies of that one keep
            recent &= Domain("user_id", "=", self.env.uid)
        # superuser: what was made before is counted, whoever asks
        return self.sudo().search(
            about & recent & Domain("source", "=", source), limit=1
        )

    @api.model
    def _asked_before(self, subject, source):
        """:return: list of recordsets: the records for which a copy of the person may
        have been asked for before"""
        same = source == "preferences"
        return [subject, *(self._people(subject, source) if same else ())]

    @api.model
    def _prepare(self, subject, source):
        return {
            "res_model": subject._name,
            "res_id": subject.id,
            "date": fields.Datetime.now(),
            "source": source,
            "user_id": self.env.uid if source == "officer" else False,
            "state": "queued",
        }

    def _subject(self):
        """:return: the person, as superuser; empty when deleted"""
        self.ensure_one()
        # superuser: the copy is the person's own
        model = self.env[self.res_model].sudo().with_context(active_test=False)
        return model.browse(self.res_id).exists()

    def _subjects(self):
        """:return: as of :meth:`_people`, none when the record is gone"""
        subject = self._subject()
        return self._people(subject, self.source) if subject else []

    @api.model
    def _people(self, subject, source):
        """Whom a copy is about.

        :param subject: the record that it is asked for
        :return: list of recordsets: of a link all records under the address that it
            proves; else the record, and what other models have of the same person, as
            far as an officer reaches who asks; a login proves no address (IDN-4)
        """
        if source == "preferences":
            links = self.env["privacy.preferences.link"]
            return links._proven(links._subjects(subject))
        elsewhere = subject._privacy_elsewhere(
            self._officer(), by_address=source != "portal"
        )
        return [subject, *elsewhere]

    def _officer(self):
        """:return: the user in whose companies the copy looks; none when the person
        asks for themself, who gets all"""
        return self.user_id.filtered(lambda user: self.source == "officer")

    # ------------------------------------------------------------------
    # Background
    # ------------------------------------------------------------------

    @api.model
    def _unfinished_domain(self):
        return [("state", "=", "queued")]

    @api.model
    def _run(self):
        retrying(self._purge, self.env)
        return super()._run()

    def _do_batch(self):
        self._build()
        return 1

    def _fail(self, reason):
        """It is tried again, unless there is nobody any more whose data it could be."""
        result = super()._fail(reason)
        if not self._subject():
            self._set({"state": "failed"})
        return result

    @api.model
    def _purge(self):
        """Delete files whose time is over."""
        over = self.search(
            [("state", "=", "ready"), ("expires_at", "<=", fields.Datetime.now())]
        )

        def drop(exports):
            fetched = exports.filtered("downloaded_at")
            fetched._drop_file("downloaded")
            (exports - fetched)._drop_file("expired")

        # the next run tries again; what is to be built does not wait for it
        attempt_each(
            self, over, drop, lambda one, reason: one._note({"failure": reason})
        )

    def _drop_file(self, state):
        """Delete the files for good.

        :param str state: what becomes of the exports
        """
        # superuser: nobody may touch the parts but these methods
        parts = self.env["privacy.export.part"].sudo()
        parts.search([("export_id", "in", self.ids)])._drop()
        self._set({"state": state})

    def _build(self):
        """Put the file together and notify the person; all of it or nothing.

        :raise UserError: there is nobody whose data it could be
        """
        subjects, now = self._subjects(), fields.Datetime.now()
        if not subjects:
            raise UserError(self.env._("The contact was deleted meanwhile."))
        with self.env["privacy.export.content"]._archive(self, subjects) as archive:
            size = self.env["privacy.export.part"]._store(self, archive)
        self._set(
            {
                "state": "ready",
                "size": size,
                "ready_at": now,
                "expires_at": now + KEEP,
            }
        )
        if self.source != "officer":
            self._notify_person()
