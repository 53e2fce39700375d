package org.cordanetes.standin.networkmap;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.corda.core.node.NetworkParameters;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.networkmap.NodeInfos.Published;

/** The network map for people: JSON over HTTP and for the command line. */
final class Views {
    private final Maps maps;
    private final NodeInfos nodes;
    private final Parameters parameters;

    Views(Maps maps, NodeInfos nodes, Parameters parameters) {
        this.maps = maps;
        this.nodes = nodes;
        this.parameters = parameters;
    }

    void on(HttpListener http) {
        http.route("GET", "/network-map-user/network-map", request -> json(map()))
                .route("GET", "/network-map-user/node-infos", request -> json(nodes()))
                .route("GET", "/network-map-user/node-info/{hash}", request -> json(
                        nodes.byHash(request.variable("hash")).map(Views::node)))
                .route("GET", "/network-map-user/network-parameters", request -> json(parameters()))
                .route("GET", "/network-map-user/network-parameters/{hash}", request -> json(parameters.current()
                        .filter(one -> one.hash().equalsIgnoreCase(request.variable("hash")))
                        .flatMap(one -> parameters())));
    }

    Optional<Object> map() {
        return maps.current().map(map -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("hash", map.hash());
            view.put("nodeInfoHashes", map.content().nodeInfoHashes());
            view.put("networkParameterHash", map.content().parametersHash());
            view.put("signedAt", Instant.ofEpochMilli(map.signedAt()).toString());
            return view;
        });
    }

    /** The nodes of the signed map. */
    Optional<Object> nodes() {
        return maps.current().map(map -> map.content().nodeInfoHashes().stream()
                .flatMap(hash -> nodes.byHash(hash).stream()).map(Views::node).toList());
    }

    /** The parameters, once they are signed. */
    Optional<Object> parameters() {
        return parameters.signedHash().flatMap(hash -> parameters.read().map(read -> view(hash.toString(), read)));
    }

    private static Map<String, Object> node(Published one) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("nodeInfoHash", one.hash());
        view.put("legalIdentities", one.identities());
        view.put("addresses", one.addresses());
        view.put("platformVersion", one.platformVersion());
        view.put("serial", one.serial());
        return view;
    }

    private static Map<String, Object> view(String hash, NetworkParameters parameters) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("hash", hash);
        view.put("minimumPlatformVersion", parameters.getMinimumPlatformVersion());
        view.put("notaries", parameters.getNotaries().stream().map(notary -> Map.of(
                "name", notary.getIdentity().getName().toString(), "validating", notary.getValidating())).toList());
        view.put("maxMessageSize", parameters.getMaxMessageSize());
        view.put("maxTransactionSize", parameters.getMaxTransactionSize());
        view.put("eventHorizonDays", parameters.getEventHorizon().toDays());
        view.put("epoch", parameters.getEpoch());
        view.put("modifiedTime", parameters.getModifiedTime().toString());
        view.put("whitelistedContracts", List.copyOf(parameters.getWhitelistedContractImplementations().keySet()));
        return view;
    }

    private static Response json(Optional<Object> view) {
        return view.map(Response::json).orElseGet(() -> Response.text(404, "not there (yet)"));
    }
}
