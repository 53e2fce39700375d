package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;

/** The only thing that the command line talks to. */
final class Gateway {
    private static final String API = "/api/v1";
    private final JsonClient http;
    private final String token;

    Gateway(String server, String token) {
        this.http = new JsonClient("Gateway", server, null, Duration.ofSeconds(60));
        this.token = token;
    }

    String login(String user, String password) throws IOException {
        String form = "grant_type=password&username=" + encode(user) + "&password=" + encode(password);
        byte[] answer = http.call("POST", API + "/authentication/authenticate", Map.of(),
                "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
        return Json.read(answer, JsonNode.class).path("access_token").asText();
    }

    void changePassword(String user, String password, String newPassword) throws IOException {
        http.post(API + "/authentication/change-password",
                Map.of("username", user, "password", password, "newPassword", newPassword), JsonNode.class);
    }

    /** Runs an admin operation; {@code subzone} says at which Network Map, where there are several. */
    JsonNode run(String service, String operation, String subzone, Map<String, ?> arguments) throws IOException {
        String query = subzone == null ? "" : "?subzone=" + encode(subzone);
        byte[] answer = http.call("POST", API + "/stand-in/" + service + "/" + operation + query,
                Map.of("Authorization", "Bearer " + token), "application/json", Json.bytes(arguments));
        return Json.read(answer, JsonNode.class);
    }

    /** The subzone of a command: the one named, or the only one that the user sees. */
    String subzone(String named) throws IOException {
        if (named != null) {
            return named;
        }
        JsonNode visible = run("zone", "visible-subzones", null, Map.of());
        if (visible.size() != 1) {
            throw ServiceError.invalid(visible.isEmpty()
                    ? "this user sees no subzone; a role must be granted on it first"
                    : "this user sees " + visible.size() + " subzones; say which with --subzone-id");
        }
        return visible.get(0).path("id").asText();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
