package org.cordanetes.standin.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP response. */
public record Response(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NOTHING = new byte[0];

    public static Response json(Object value) {
        return json(200, value);
    }

    public static Response json(int status, Object value) {
        return new Response(status, Map.of("Content-Type", "application/json"), Json.bytes(value));
    }

    public static Response text(int status, String text) {
        return new Response(status, Map.of("Content-Type", "text/plain; charset=UTF-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response bytes(String contentType, byte[] body) {
        return new Response(200, Map.of("Content-Type", contentType), body);
    }

    public static Response empty(int status) {
        return new Response(status, Map.of(), NOTHING);
    }

    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body);
    }
}
