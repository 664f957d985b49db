from odoo import api, models

# of rows that a notification names
MOST = 10


class PrivacyGate(models.AbstractModel):
    """What whoever imports is told of what was left out."""

    _inherit = "privacy.gate"

    @api.model
    def _left_out_messages(self, noted, ids):
        """
        :param list noted: of ``left_out.LeftOut``
        :param list ids: of what was imported, in the order of the file
        :return: list of messages as ``load()`` has them, one per record and field, in
            the order of the file; what the user may not read is not named
        """
        rows = {id_: row for row, id_ in enumerate(ids)}
        found = {}
        for record, reasons in noted:
            readable = record.with_env(self.env).exists()
            if readable and readable.has_access("read"):
                message = self._refusal_message(readable, {readable: reasons})
                row = rows.get(record.id, len(rows))
                found[message] = {
                    "type": "warning",
                    "record": row,
                    "rows": {"from": row, "to": row},
                    "message": message,
                }
        return sorted(found.values(), key=lambda message: message["record"])

    @api.model
    def _notify_left_out(self, messages):
        """Tell the user who imports."""
        lines = [message["message"] for message in messages[:MOST]]
        if len(messages) > MOST:
            lines.append("…")
        if lines:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "title": self.env._("Left out of the import"),
                    "message": "\n".join(lines),
                    "sticky": True,
                },
            )
