import re

from odoo import api, models
from odoo.exceptions import ValidationError

# Where people answer, refuse and object: our pages, and those of mailings.
RIGHTS = re.compile(
    r"/+(?:privacy|my/+privacy|privacy_guard|mailing|sms|unsubscribe_from_list)(?![^/?#])"
)


def is_right_path(path):
    """:return: whether people exercise their rights under a path, or a routing rule"""
    return bool(RIGHTS.match(path or ""))


class WebsiteRewrite(models.Model):
    """Who edits a website redirects its pages, not the ways to refuse (GDPR Art. 7(3),
    21(4)): a link in a mail that was sent must go on to work."""

    _inherit = "website.rewrite"

    @api.constrains("url_from", "url_to", "redirect_type")
    def _check_privacy_path(self):
        """:raise ValidationError: a path of ours is taken away, handed to another
        address, or taken over"""
        for rewrite in self:
            paths = filter(is_right_path, (rewrite.url_from, rewrite.url_to))
            if path := next(paths, None):
                raise ValidationError(
                    self.env._(
                        "%(path)s cannot be redirected: people answer, withdraw and "
                        "object there.",
                        path=path,
                    )
                )
