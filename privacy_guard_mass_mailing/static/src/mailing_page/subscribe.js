import { Subscribe } from "@mass_mailing/interactions/subscribe";
import { patch } from "@web/core/utils/patch";

/**
 * Coming back, to a list or from the blocklist, waits for a mail. The server answers what
 * Odoo's page expects, and what happened besides: that is what the page says then.
 */
patch(Subscribe.prototype, {
    async waitFor(promise) {
        const answer = await super.waitFor(promise);
        this.privacyTold = answer?.privacy_told;
        return this.privacyTold === undefined ? answer : answer.result;
    },
    onActionDone(callKey) {
        super.onActionDone(...arguments);
        if (this.privacyTold && this.changeSubscriptionStatus === "blocklist_error") {
            // nothing has changed yet, and nothing went wrong
            this.changeSubscriptionStatus = "blocklist_asked";
        }
    },
    updateDisplayForm(listOptinIds) {
        const isOn = (id) => this.listInfo.some((list) => list.id === id && !list.opt_out);
        // whoever joins a list, or comes back to one, is not on it yet
        const waits = this.privacyTold !== undefined;
        super.updateDisplayForm(waits ? listOptinIds.filter(isOn) : listOptinIds);
    },
    get changeSubscriptionResultMessage() {
        return this.privacyTold || super.changeSubscriptionResultMessage;
    },
});
