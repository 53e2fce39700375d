package org.cordanetes.standin.angel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Response;

/** The optional REST health port: 200 when all is well, 502 when somebody does not answer. */
final class AngelHealth {
    private static final int PING_MILLIS = 2000;
    private final Angel angel;

    AngelHealth(Angel angel) {
        this.angel = angel;
    }

    void on(HttpListener http) {
        http.route("GET", "/angel/service-health", request -> serviceAnswers() ? well()
                : Response.text(502, "the managed service does not answer"));
        http.route("GET", "/angel/health", request -> {
            if (!serviceAnswers()) {
                return Response.text(502, "the managed service does not answer");
            }
            return angel.zoneError().isEmpty() ? well() : Response.text(502, angel.zoneError());
        });
    }

    private static Response well() {
        return Response.text(200, "OK");
    }

    /** Whether the service's own port accepts connections. */
    private boolean serviceAnswers() {
        if (!angel.serviceAlive()) {
            return false;
        }
        Config config = ConfigFactory.parseFile(angel.serviceConfig().toFile());
        String address = config.hasPath("address") ? config.getString("address")
                : "127.0.0.1:" + config.getInt("adminListener.port");
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).equals("0.0.0.0") ? "127.0.0.1" : address.substring(0, colon);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), PING_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
