package org.cordanetes.standin.networkmap;

import static org.cordanetes.standin.access.Permissions.GET_NETWORK_PARAMETERS;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.http.ServiceError;

/** The admin operations of one Network Map; rights are those on its subzone. */
final class NetworkMapAdmin {
    private final Views views;
    private final NodeInfos nodes;
    private final String subzone;

    NetworkMapAdmin(Views views, NodeInfos nodes, String subzone) {
        this.views = views;
        this.nodes = nodes;
        this.subzone = subzone;
    }

    void on(AdminListener admin) {
        admin.operation("status", (caller, arguments) -> {
            caller.requireAny(subzone);
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("service", "Network Map (stand-in)");
            status.put("status", "UP");
            status.put("subzone", subzone);
            status.put("published", nodes.all().size());
            status.put("networkMap", views.map().orElse(null));
            return status;
        }).operation("node-infos", (caller, arguments) -> {
            caller.requireAny(subzone);
            return views.nodes().orElse(List.of());
        }).operation("netparams-get", (caller, arguments) -> {
            caller.require(GET_NETWORK_PARAMETERS, subzone);
            return views.parameters().orElseThrow(() ->
                    new ServiceError(404, "NETWORK_MAP_PARAMETERS_NOT_SIGNED", "no network parameters have been signed yet"));
        });
    }
}
