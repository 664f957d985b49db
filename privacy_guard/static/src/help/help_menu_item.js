import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { HELP_PAGES } from "./help_pages";

/** The last line of the actions menu of our screens: it comes with the add-on, so that
 * it says what this version does. */
export class HelpMenuItem extends Component {
    static template = "privacy_guard.HelpMenuItem";
    static components = { DropdownItem };
    static props = {};

    get link() {
        const page = HELP_PAGES[this.env.searchModel.resModel];
        return { href: `/privacy_guard/static/manual/${page}`, target: "_blank" };
    }
}

registry.category("cogMenu").add(
    "privacy_guard_help",
    {
        Component: HelpMenuItem,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ searchModel }) => searchModel?.resModel in HELP_PAGES,
    },
    { sequence: 100 }
);
