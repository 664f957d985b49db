from odoo import fields, models

from ..scale import IDENTIFIED, LEVELS


class ResCompany(models.Model):
    """How far the company goes in counting what becomes of its mailings, and when one
    stops."""

    _inherit = "res.company"

    privacy_openings = fields.Selection(
        LEVELS,
        "Privacy: Openings",
        default=IDENTIFIED,
        required=True,
        help="The most that mailings of this company may count.",
    )
    privacy_clicks = fields.Selection(
        LEVELS,
        "Privacy: Clicks",
        default=IDENTIFIED,
        required=True,
        help="The most that mailings of this company may count.",
    )
    privacy_complaint_limit = fields.Float(
        "Privacy: Complaint limit (%)",
        default=0.3,
        help="A mailing stops where more than so many in a hundred recipients have "
        "marked it as unwanted mail. 0: never.",
    )
    privacy_complaint_least = fields.Integer(
        "Privacy: Mails before the limit holds",
        default=100,
        help="Of fewer mails that were sent, one complaint says little.",
    )
    privacy_silence = fields.Selection(
        [
            ("anonymous", "are counted in totals only"),
            ("ask", "are not counted until they agree"),
        ],
        "Privacy: People who have not answered",
        default="anonymous",
        required=True,
        help="Whether a total that names nobody needs consent as well: authorities "
        "differ.",
    )
