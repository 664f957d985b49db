import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/**
 * Who will not get a mailing, a line per reason: each leads to its people.
 */
export class PrivacyExclusionsField extends Component {
    static template = "privacy_guard_mass_mailing.ExclusionsField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get lines() {
        const { data } = this.props.record;
        const reasons = data.privacy_exclusion_reasons || {};
        const text = data[this.props.name] || "";
        return text.split("\n").map((line) => ({ text: line, reason: reasons[line] }));
    }

    async open(reason) {
        const { record } = this.props;
        // the server looks for the people of what is saved
        if (!(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name: "action_privacy_excluded",
            resModel: record.resModel,
            resId: record.resId,
            context: { ...record.context, privacy_exclusion: reason },
        });
    }
}

export const privacyExclusionsField = {
    component: PrivacyExclusionsField,
    displayName: _t("Who will not get it"),
    supportedTypes: ["text"],
    fieldDependencies: [{ name: "privacy_exclusion_reasons", type: "json" }],
};

registry.category("fields").add("privacy_exclusions", privacyExclusionsField);
