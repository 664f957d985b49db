import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import {
    progressBarField,
    ProgressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

import { onMounted, onWillUnmount, status, useState } from "@odoo/owl";

const POLL_DELAY = 2000;

/**
 * How far work in the background is, in percent: asks the server until it is done, and
 * loads the record then.
 */
export class PrivacyProgressField extends ProgressBarField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.polled = useState({ value: null });
        onMounted(() => this.pollLater());
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get currentValue() {
        return this.polled.value ?? super.currentValue;
    }

    pollLater() {
        if (this.currentValue < this.maxValue) {
            this.timer = browser.setTimeout(() => this.poll(), POLL_DELAY);
        }
    }

    async poll() {
        const { record, name } = this.props;
        try {
            const [values] = await this.orm.silent.read(record.resModel, [record.resId], [name]);
            this.polled.value = values[name];
        } catch (error) {
            // a server that restarts goes on with the work
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
        if (status(this) === "destroyed") {
            return;
        }
        if (this.currentValue < this.maxValue) {
            this.pollLater();
        } else {
            await record.load();
        }
    }
}

export const privacyProgressField = {
    ...progressBarField,
    component: PrivacyProgressField,
    displayName: _t("Progress in the background"),
};

registry.category("fields").add("privacy_progress", privacyProgressField);
// many of them on one screen would ask too often
registry.category("fields").add("list.privacy_progress", progressBarField);
