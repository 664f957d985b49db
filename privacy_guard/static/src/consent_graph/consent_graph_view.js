import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { GraphRenderer } from "@web/views/graph/graph_renderer";

// as the badges of lists
const COLORS = {
    granted: "#28a745",
    waiting: "#ffac00",
    refused: "#dc3545",
    applicable: "#17a2b8",
    not_applicable: "#adb5bd",
};

/** Values of consents have the colour that they have everywhere else. */
export class ConsentGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            dataset.backgroundColor =
                this.colorOf(dataset.label) || dataset.backgroundColor;
        }
        return data;
    }

    getLineChartData() {
        const data = super.getLineChartData();
        for (const dataset of data.datasets) {
            dataset.borderColor = this.colorOf(dataset.label) || dataset.borderColor;
        }
        return data;
    }

    getPieChartData() {
        const data = super.getPieChartData();
        for (const dataset of data.datasets) {
            dataset.backgroundColor = data.labels.map(
                (label, index) => this.colorOf(label) || dataset.backgroundColor[index]
            );
        }
        return data;
    }

    /** @returns {string|undefined} of a label that names one value, alone or in a group */
    colorOf(label) {
        const parts = [label].flat().flatMap((part) => String(part).split(" / "));
        const { selection } = this.model.metaData.fields.value;
        const value = selection.find(([, text]) => parts.includes(text));
        return value && COLORS[value[0]];
    }
}

registry.category("views").add("privacy_consent_graph", {
    ...graphView,
    Renderer: ConsentGraphRenderer,
});
