from odoo.tests import HttpCase, tagged

LEAVE = """
document.cookie = "left=1; path=/";
localStorage.setItem("left", 1);
sessionStorage.setItem("left", 1);
console.log("test successful");
"""
FIND = """
if (document.cookie.includes("left=") || localStorage.left || sessionStorage.left) {
    console.error("a page finds what another one has kept");
} else {
    console.log("test successful");
}
"""


@tagged("post_install", "-at_install")
class TestBrowser(HttpCase):
    """Tours share a browser, see `dev.lib.shared_browser`."""

    def test_nothing_stays_of_a_tour(self):
        for code in (LEAVE, FIND):
            self.browser_js("/web/login", code)
