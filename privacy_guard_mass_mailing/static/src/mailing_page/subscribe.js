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
        return this.privacyTold ? answer.result : answer;
    },
    onActionDone(callKey) {
        super.onActionDone(...arguments);
        if (this.privacyTold && this.changeSubscriptionStatus === "blocklist_error") {
            // nothing has changed yet, and nothing went wrong
            this.changeSubscriptionStatus = "blocklist_asked";
        }
    },
    get changeSubscriptionResultMessage() {
        return this.privacyTold || super.changeSubscriptionResultMessage;
    },
});
