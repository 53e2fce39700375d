package org.cordanetes.standin.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A listening port with routes: plain HTTP, TLS, or TLS that demands a client certificate. */
public final class HttpListener implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("HttpListener");
    private static final int MOST_THREADS = 64;
    static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";
    private final String name;
    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final List<Route> routes = new ArrayList<>();

    static {
        // Without it a small answer waits for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", "60");
        System.setProperty("sun.net.httpserver.maxRspTime", "60");
    }

    private HttpListener(String name, HttpServer server) {
        this.name = name;
        this.server = server;
        this.workers = new ThreadPoolExecutor(1, MOST_THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(workers);
        server.createContext("/", this::serve);
    }

    public static HttpListener plain(String name, String host, int port) {
        return bind(name, host, port, null, false);
    }

    /** TLS with this context; with {@code mutual}, only for clients whose certificate the context trusts. */
    public static HttpListener tls(String name, String host, int port, SSLContext context, boolean mutual) {
        return bind(name, host, port, context, mutual);
    }

    private static HttpListener bind(String name, String host, int port, SSLContext context, boolean mutual) {
        InetSocketAddress address = host == null || host.isEmpty()
                ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        try {
            if (context == null) {
                return new HttpListener(name, HttpServer.create(address, 0));
            }
            HttpsServer server = HttpsServer.create(address, 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters wanted = context.getDefaultSSLParameters();
                    wanted.setNeedClientAuth(mutual);
                    parameters.setSSLParameters(wanted);
                }
            });
            return new HttpListener(name, server);
        } catch (BindException e) {
            throw new UncheckedIOException("the port " + port + " of the " + name
                    + " cannot be opened: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the " + name + " cannot listen on port " + port, e);
        }
    }

    public HttpListener route(String method, String path, Handler handler) {
        routes.add(Route.of(method, path, handler));
        return this;
    }

    public HttpListener start() {
        server.start();
        LOG.info(name + " listens on " + server.getAddress().getHostString() + ":" + port());
        return this;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Response response = answer(exchange);
            response.headers().forEach(exchange.getResponseHeaders()::set);
            boolean bodiless = response.body().length == 0;
            exchange.sendResponseHeaders(response.status(), bodiless ? -1 : response.body().length);
            if (!bodiless) {
                exchange.getResponseBody().write(response.body());
            }
        }
    }

    private Response answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String override = exchange.getRequestHeaders().getFirst(METHOD_OVERRIDE);
        String method = override == null ? exchange.getRequestMethod() : override;
        boolean known = false;
        try {
            for (Route route : routes) {
                Map<String, String> variables = route.match(path);
                if (variables != null) {
                    known = true;
                    if (route.method().equals(method)) {
                        return route.handler().handle(new Request(exchange, variables));
                    }
                }
            }
            return failure(known ? 405 : 404, "UNKNOWN_FUNCTION",
                    "the " + name + " has no " + method + " " + path);
        } catch (ServiceError e) {
            return failure(e.status(), e.code(), e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, name + " failed at " + method + " " + path, e);
            return failure(500, "GENERAL_ERROR", "the " + name + " failed: " + e);
        }
    }

    private static Response failure(int status, String code, String message) {
        return Response.json(status, Map.of("error", Map.of("code", code, "message", message)));
    }
}
