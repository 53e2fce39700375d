package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import org.cordanetes.standin.http.Json;

/** Prints results as JSON or for people. */
final class Output {
    private Output() {}

    static String of(JsonNode value, boolean json) {
        return json ? Json.pretty(value) : pretty(value, "").stripTrailing();
    }

    private static String pretty(JsonNode value, String indent) {
        if (value.isObject()) {
            StringBuilder text = new StringBuilder();
            for (Iterator<Map.Entry<String, JsonNode>> fields = value.fields(); fields.hasNext();) {
                Map.Entry<String, JsonNode> field = fields.next();
                boolean nested = field.getValue().isContainerNode() && !field.getValue().isEmpty();
                text.append(indent).append(field.getKey()).append(':')
                        .append(nested ? "\n" + pretty(field.getValue(), indent + "  ")
                                : " " + plain(field.getValue()) + "\n");
            }
            return text.toString();
        }
        if (value.isArray()) {
            StringBuilder text = new StringBuilder();
            for (JsonNode element : value) {
                String inner = element.isContainerNode() ? pretty(element, indent + "  ").stripLeading()
                        : plain(element) + "\n";
                text.append(indent).append("- ").append(inner);
            }
            return text.toString();
        }
        return indent + plain(value) + "\n";
    }

    private static String plain(JsonNode value) {
        return value.isNull() || value.isContainerNode() ? "-" : value.asText();
    }
}
