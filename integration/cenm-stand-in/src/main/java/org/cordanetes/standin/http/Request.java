package org.cordanetes.standin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One HTTP request with the variables of its route. */
public final class Request {
    private static final int LARGEST_BODY = 16 * 1024 * 1024;
    private final HttpExchange exchange;
    private final Map<String, String> variables;

    Request(HttpExchange exchange, Map<String, String> variables) {
        this.exchange = exchange;
        this.variables = variables;
    }

    public String variable(String name) {
        return variables.get(name);
    }

    public String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    public String callerAddress() {
        return exchange.getRemoteAddress().getAddress().getHostAddress();
    }

    public byte[] body() throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] bytes = in.readNBytes(LARGEST_BODY + 1);
            if (bytes.length > LARGEST_BODY) {
                throw new ServiceError(413, "INVALID_REQUEST_CONTENT", "the body is larger than 16 MiB");
            }
            return bytes;
        }
    }

    public JsonNode json() throws IOException {
        return json(JsonNode.class);
    }

    public <T> T json(Class<T> type) throws IOException {
        byte[] bytes = body();
        try {
            return Json.read(bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes, type);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw ServiceError.invalid("the body is not the JSON that was expected: " + e.getOriginalMessage());
        }
    }

    /** A body of the form {@code a=1&b=2}. */
    public Map<String, String> form() throws IOException {
        return pairs(new String(body(), StandardCharsets.UTF_8));
    }

    public String query(String name) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? null : pairs(query).get(name);
    }

    /** The token of an {@code Authorization: Bearer} header, or null. */
    public String bearer() {
        String header = header("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).trim() : null;
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ServiceError.invalid("the form or query is not URL-encoded");
        }
    }
}
