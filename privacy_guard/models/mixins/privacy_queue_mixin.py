from odoo import api, models


class PrivacyQueueMixin(models.AbstractModel):
    """A queue: what a scheduled action works off, item by item. Each fails alone.

    What could not be done is a row of ``privacy.job.item``, with the reason, until it
    is done or is no longer due. A queue whose jobs are rows, each with a progress of
    its own, inherits ``privacy.job.mixin`` in its place.
    """

    _name = "privacy.queue.mixin"
    _description = "Queue of a scheduled action"
    # external id of the scheduled action
    _job_cron = None

    def _cron(self):
        # superuser: going on in the background is part of the job, whoever began it
        return self.env.ref(self._job_cron).sudo()

    def _try_each(self, items, act, about, refuse=None):
        """Do something with all items at once; where that fails, with fewer of them, so
        that a bad one holds up nobody: it is noted, with the reason, and stays.

        :param items: a recordset or a list
        :param act: called with items
        :param about: called with a single item, returns (model, id) of the record that
            it is about
        :param refuse: called with a single item and the reason, where the item itself
            has to know of it; it may return what is noted in place of the reason
        :return: list of what ``act`` returned, each time that it worked
        """
        failed = self._failed_items()
        return failed._try_each(self, items, act, about, refuse)

    def _note_item(self, res_model, res_id, reason):
        """Something could not be done of a record, and is to be tried again."""
        self._failed_items()._note(self, res_model, res_id, reason)

    def _last_item(self):
        """:return: what :meth:`_forget_items` takes, to be asked before all is tried"""
        return self._failed_items()._last()

    def _forget_items(self, last=None):
        """What could not be done is done, not due any more, or tried again.

        :param int last: of :meth:`_last_item`; what was noted since then stays
        """
        self._failed_items()._forget(self, last)

    def _count_failed_items(self):
        """:return: how much could not be done"""
        failed = self._failed_items()
        return failed.search_count(failed._domain_of(self))

    @api.model
    def _failed_items(self):
        # superuser: the job works for nobody in particular
        return self.env["privacy.job.item"].sudo()

    def _retry(self):
        """Have what failed tried again, at once."""
        self._cron()._trigger()
