from functools import cache

from lxml import etree
from odoo import api, models
from odoo.tools import SQL, file_open


class PrivacyJob(models.Model):
    """Whether scheduled actions of ours do what they came to do."""

    _inherit = "privacy.job"

    @api.model
    def _select_altered(self):
        """:return: SQL of the ids of those whose server action is another than that of
        the add-on's files: the code, or the model that it is about"""
        find = self.env["ir.model.data"]._xmlid_to_res_id
        shipped = [
            (cron_id, code, find(model))
            for cron_id, (code, model) in self._shipped_actions().items()
        ]
        ids, codes, models_ = zip(*shipped, strict=True) if shipped else ((), (), ())
        return SQL(
            """
            SELECT cron.id FROM ir_cron cron
              JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
              JOIN unnest(%s::int[], %s::text[], %s::int[])
                   AS shipped (id, code, model_id) ON shipped.id = cron.id
             WHERE (action.state, trim(action.code), action.model_id)
                   IS DISTINCT FROM ('code', shipped.code, shipped.model_id)
            """,
            list(ids),
            list(codes),
            list(models_),
        )

    @api.model
    def _shipped_actions(self):
        """:return: {id of a scheduled action of ours: (code, XML id of the model)}"""
        own = self.env["ir.cron"]._privacy_own_ids()
        modules = {xmlid.split(".")[0] for xmlid in own.values()}
        shipped = {}
        for module in modules:
            shipped |= _read(module)
        return {id_: shipped[xmlid] for id_, xmlid in own.items() if xmlid in shipped}


@cache
def _read(module):
    """:return: {XML id: (code, XML id of the model)} of the scheduled actions that an
    add-on brings, in the file where ours have them"""

    def full(name):
        return name if "." in name else f"{module}.{name}"

    with file_open(f"{module}/data/ir_cron_data.xml", "rb") as file:
        return {
            full(record.get("id")): (
                record.findtext("field[@name='code']").strip(),
                full(record.find("field[@name='model_id']").get("ref")),
            )
            for record in etree.parse(file).iterfind(".//record[@model='ir.cron']")
        }
