package cordanetes.rpc;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes maps, lists, numbers, booleans and text as one line of JSON. */
final class Json {
    private Json() {}

    static String write(Object value) {
        if (value instanceof Map<?, ?>) {
            return ((Map<?, ?>) value).entrySet().stream()
                    .map(entry -> text(String.valueOf(entry.getKey())) + ":" + write(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Iterable<?>) {
            return StreamSupport.stream(((Iterable<?>) value).spliterator(), false)
                    .map(Json::write)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return text(value.toString());
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char character : value.toCharArray()) {
            if (character == '"' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character < ' ') {
                quoted.append(String.format("\\u%04x", (int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append('"').toString();
    }
}
