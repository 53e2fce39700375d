package org.cordanetes.standin.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Calls another service. Connections are kept between calls, and every call has a limit in time, so that a
 * service that does not answer is an error and never a hang.
 */
public final class JsonClient {
    private final String service;
    private final String base;
    private final SSLSocketFactory sockets;
    private final int millis;

    static {
        // A request that makes something must never be sent twice behind our back.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    /** @param tls null for plain HTTP */
    public JsonClient(String service, String host, int port, SSLContext tls, Duration limit) {
        this(service, (tls == null ? "http://" : "https://") + host + ":" + port, tls, limit);
    }

    public JsonClient(String service, String base, SSLContext tls, Duration limit) {
        this.service = service;
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        // One factory a client: the connection cache is keyed by it.
        this.sockets = tls == null ? null : tls.getSocketFactory();
        this.millis = (int) limit.toMillis();
    }

    public <T> T get(String path, Class<T> type) throws IOException {
        return Json.read(call("GET", path, Map.of(), null, null), type);
    }

    public <T> T post(String path, Object body, Class<T> type) throws IOException {
        return Json.read(call("POST", path, Map.of(), "application/json", Json.bytes(body)), type);
    }

    /** Sends bytes with these headers and gives back the body of a successful answer. */
    public byte[] call(String method, String path, Map<String, String> headers, String contentType, byte[] body)
            throws IOException {
        Answer answer = exchange(method, path, headers, contentType, body);
        if (answer.status() / 100 != 2) {
            throw refusal(answer);
        }
        return answer.body().length == 0 ? new byte[] {'{', '}'} : answer.body();
    }

    /** A status and a body, whatever the status is. */
    public record Answer(int status, byte[] body) {}

    public Answer exchange(String method, String path, Map<String, String> headers, String contentType, byte[] body)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(base + path).openConnection();
        if (connection instanceof HttpsURLConnection secure && sockets != null) {
            secure.setSSLSocketFactory(sockets);
            // As in CENM, trust is by chain to the SSL root: its certificates name no hosts.
            secure.setHostnameVerifier((host, session) -> true);
        }
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        // The JDK's connection refuses PATCH; our own listeners take it from the header.
        connection.setRequestMethod(method.equals("PATCH") ? "POST" : method);
        if (method.equals("PATCH")) {
            connection.setRequestProperty(HttpListener.METHOD_OVERRIDE, method);
        }
        headers.forEach(connection::setRequestProperty);
        try {
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", contentType);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = connection.getResponseCode();
            try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
                return new Answer(status, in == null ? new byte[0] : in.readAllBytes());
            }
        } catch (IOException e) {
            throw new IOException("the " + service + " at " + base + " does not answer: " + e, e);
        }
    }

    private ServiceError refusal(Answer answer) {
        try {
            JsonNode error = Json.read(answer.body(), JsonNode.class).path("error");
            if (error.hasNonNull("code")) {
                return new ServiceError(answer.status(), error.get("code").asText(), error.path("message").asText());
            }
        } catch (IOException e) {
            // Not one of our own answers: the status alone is told below.
        }
        return new ServiceError(answer.status(), "GENERAL_ERROR",
                "the " + service + " at " + base + " answered with status " + answer.status());
    }
}
