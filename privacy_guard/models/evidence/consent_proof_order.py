from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL

STATES = [("running", "Under way"), ("ready", "Ready"), ("expired", "Expired")]
# as access copies: how long the files wait
KEEP = timedelta(days=7)
MOST_PEOPLE = 1000  # a PDF takes a second, and some hundred kilobytes


class ConsentProofOrder(models.Model):
    """Proof packs of many people, made in the background for the officer who asked
    (EVI-4): a PDF each, person by person, with that officer's rights as they are then.

    Nobody else sees it. The files are purged after a week.
    """

    _name = "consent.proof.order"
    _description = "Proof packs"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "date"
    _job_cron = "privacy_guard.ir_cron_proofs"
    _job_begun = "date"

    date = fields.Datetime("Asked for on", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Asked for by", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    expires_at = fields.Datetime("Purged on", readonly=True)
    line_ids = fields.One2many(
        "consent.proof.line", "order_id", "People", readonly=True
    )
    total = fields.Integer("People in all", compute="_compute_counts")
    made = fields.Integer("Packs made", compute="_compute_counts")

    def _compute_counts(self):
        # superuser: how many, not who
        lines = self.env["consent.proof.line"].sudo()
        counts = lines._read_group(
            [("order_id", "in", self.ids)], ["order_id", "state"], ["__count"]
        )
        numbers = {(order.id, state): count for order, state, count in counts}
        for order in self:
            of_order = {s: n for (id_, s), n in numbers.items() if id_ == order.id}
            order.total = sum(of_order.values())
            order.made = of_order.get("made", 0)

    # ------------------------------------------------------------------
    # Asking for them
    # ------------------------------------------------------------------

    @api.model
    def _ask(self, people):
        """Have the packs of these people made, beginning at once.

        :param dict people: {(model, id): ids of the consents, None for all}
        :return: the order
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: they are too many, or nobody
        """
        self.env["consent.event"]._check_officer()
        if not 0 < len(people) <= MOST_PEOPLE:
            raise UserError(
                self.env._("Choose between 1 and %s people at a time.", MOST_PEOPLE)
            )
        vals = {"user_id": self.env.uid, "state": "running"}
        order = self._make([{**vals, "date": fields.Datetime.now()}])
        self.env["consent.proof.line"]._make(
            [
                {
                    "order_id": order.id,
                    "res_model": model,
                    "res_id": res_id,
                    "consent_ids": ids,
                    "state": "waiting",
                }
                for (model, res_id), ids in people.items()
            ]
        )
        self._cron()._trigger()
        return order

    def _show(self):
        return self._get_records_action(name=self.env._("Proof packs"), context={})

    # ------------------------------------------------------------------
    # Background
    # ------------------------------------------------------------------

    @api.model
    def _unfinished_domain(self):
        return [("state", "=", "running")]

    @api.model
    def _job_progress_sql(self):
        return SQL(
            "(SELECT 100 * count(*) FILTER (WHERE line.state != 'waiting')"
            " / GREATEST(count(*), 1)"
            " FROM consent_proof_line line WHERE line.order_id = job.id)"
        )

    @api.model
    def _run(self):
        retrying(self._purge, self.env)
        return super()._run()

    def _do_batch(self):
        """One person: it takes seconds, and is not to be made again."""
        lines = self.env["consent.proof.line"]
        waiting = [("order_id", "=", self.id), ("state", "=", "waiting")]
        line = lines.search(waiting, order="id", limit=1)
        if line:
            kind = type(line)
            self._try_each(line, kind._make_pack, kind._about, kind._refuse)
        else:
            expires_at = fields.Datetime.now() + KEEP
            self._set({"state": "ready", "expires_at": expires_at})
        return 1

    def _retry_items(self):
        if self.state == "expired":
            return
        refused = self.line_ids.filtered(lambda line: line.state == "failed")
        refused._set({"state": "waiting", "reason": False})
        self._set({"state": "running"})

    @api.model
    def _purge(self):
        """Delete files whose time is over."""
        over = self.search(
            [("state", "=", "ready"), ("expires_at", "<=", fields.Datetime.now())]
        )
        over.line_ids._set({"content": False})
        for order in over:
            order._forget_items()
        over._set({"state": "expired", "failure": False})

    # ------------------------------------------------------------------
    # Handing them out
    # ------------------------------------------------------------------

    def action_download(self):
        """Download the packs.

        :return: action dictionary
        :raise AccessError: for anybody but the officer who has asked for them
        """
        self.ensure_one()
        self._check_own()
        url = f"/privacy_guard/proofs/{self.id}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _check_own(self):
        """:raise AccessError: for anybody but the officer who has asked for them, by
        the record rule"""
        self.env["consent.event"]._check_officer()
        self.check_access("read")
