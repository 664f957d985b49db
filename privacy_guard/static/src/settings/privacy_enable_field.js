import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BooleanField, booleanField } from "@web/views/fields/boolean/boolean_field";

/**
 * Ticking opens the prerequisites; the box stays empty until they are approved,
 * and once enabled it cannot be unticked here.
 */
export class PrivacyEnableField extends BooleanField {
    setup() {
        super.setup();
        this.action = useService("action");
    }

    async onChange(newValue) {
        this.state.value = newValue;
        if (newValue) {
            await this.action.doAction("privacy_guard.consent_prerequisites_action", {
                onClose: () => (this.state.value = this.props.record.data[this.props.name]),
            });
        }
    }
}

export const privacyEnableField = {
    ...booleanField,
    component: PrivacyEnableField,
    additionalClasses: [...(booleanField.additionalClasses || []), "o_field_boolean"],
};

registry.category("fields").add("privacy_enable", privacyEnableField);
