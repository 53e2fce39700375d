package org.cordanetes.standin.http;

import java.util.HashMap;
import java.util.Map;

/** A method and a path such as {@code /certificate/{id}}. */
record Route(String method, String[] segments, Handler handler) {

    static Route of(String method, String path, Handler handler) {
        return new Route(method, path.split("/"), handler);
    }

    /** The variables of the path, or null when the path is another one. */
    Map<String, String> match(String path) {
        String[] actual = path.split("/");
        if (actual.length != segments.length) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < actual.length; i++) {
            if (segments[i].startsWith("{")) {
                variables.put(segments[i].substring(1, segments[i].length() - 1), actual[i]);
            } else if (!segments[i].equals(actual[i])) {
                return null;
            }
        }
        return variables;
    }
}
