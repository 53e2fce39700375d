package org.cordanetes.standin.networkmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import kotlin.Pair;
import net.corda.core.internal.SignedDataWithCert;
import net.corda.nodeapi.internal.SignedNodeInfo;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.http.ServiceError;

/** The binary HTTP interface of nodes. */
final class PublicRoutes {
    private static final String VERSION_HEADER = "X-Corda-Server-Version";
    private final Maps maps;
    private final NodeInfos nodes;
    private final Parameters parameters;
    private final Acknowledgements acknowledgements;
    private final long pollSeconds;

    PublicRoutes(Maps maps, NodeInfos nodes, Parameters parameters, Acknowledgements acknowledgements, long pollSeconds) {
        this.maps = maps;
        this.nodes = nodes;
        this.parameters = parameters;
        this.acknowledgements = acknowledgements;
        this.pollSeconds = pollSeconds;
    }

    void on(HttpListener http) {
        http.route("GET", "/network-map/my-hostname", request -> Response.text(200, request.callerAddress()))
                .route("POST", "/network-map/publish", request -> plain(() -> nodes.publish(request.body())))
                .route("POST", "/network-map/ack-parameters", request -> plain(() -> acknowledgements.accept(request.body())))
                .route("GET", "/network-map", request -> answer(maps.current()
                        .map(map -> Base64.getDecoder().decode(map.signed())), "there is no signed network map yet"))
                .route("GET", "/network-map/node-infos", request -> answer(infos(), "there is no signed network map yet"))
                .route("GET", "/network-map/node-info/{hash}", request -> answer(nodes.byHash(request.variable("hash"))
                        .map(one -> Base64.getDecoder().decode(one.signed())), "there is no such node info"))
                .route("GET", "/network-map/network-parameters/{hash}", request -> answer(
                        parameters.signed(request.variable("hash")), "there are no such signed network parameters"));
    }

    /** The map and every NodeInfo that it names, in one answer. */
    private Optional<byte[]> infos() {
        return maps.current().map(map -> {
            List<SignedNodeInfo> infos = new ArrayList<>();
            for (String hash : map.content().nodeInfoHashes()) {
                nodes.byHash(hash).ifPresent(one ->
                        infos.add(Blobs.read(Base64.getDecoder().decode(one.signed()), SignedNodeInfo.class)));
            }
            return Blobs.write(new Pair<>(Blobs.read(Base64.getDecoder().decode(map.signed()), SignedDataWithCert.class),
                    infos));
        });
    }

    private Response answer(Optional<byte[]> bytes, String missing) {
        return bytes.map(found -> Response.bytes("application/octet-stream", found))
                .orElseGet(() -> Response.text(404, missing))
                .with("Cache-Control", "max-age=" + pollSeconds)
                .with(VERSION_HEADER, "2");
    }

    private interface Action {
        void run() throws IOException;
    }

    /** A node writes the body of a refusal to its log: plain words, not JSON. */
    private static Response plain(Action action) throws IOException {
        try {
            action.run();
            return Response.empty(200).with(VERSION_HEADER, "2");
        } catch (ServiceError e) {
            return Response.text(e.status(), e.getMessage()).with(VERSION_HEADER, "2");
        }
    }
}
