package org.cordanetes.standin.zone;

import static org.cordanetes.standin.access.Permissions.*;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.access.Caller;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.zone.ZoneRecords.Configured;
import org.cordanetes.standin.zone.ZoneRecords.Subzone;

/** The admin operations of the Zone Service, with the permission that each needs. */
final class ZoneAdmin {
    private final Zone zone;

    ZoneAdmin(Zone zone) {
        this.zone = zone;
    }

    void on(AdminListener admin) {
        single(admin, "identity-manager", ServiceKind.IDENTITY_MANAGER, GET_IM_CONFIG, UPDATE_IM_CONFIG, UPDATE_IM_ADDRESS);
        single(admin, "signer", ServiceKind.SIGNER, GET_SIGNER_CONFIG, UPDATE_SIGNER_CONFIG, UPDATE_SIGNER_ADDRESS);
        admin.operation("status", (caller, arguments) -> Map.of("service", "Zone (stand-in)", "status", "UP"))
                .operation("locate", this::locate)
                .operation("visible-subzones", (caller, arguments) -> zone.subzones().stream()
                        .filter(subzone -> caller.sees(String.valueOf(subzone.id()))).toList())
                .operation("addresses", this::addresses)
                .operation("get-subzones", (caller, arguments) -> {
                    caller.require(GET_ALL_SUBZONES);
                    return zone.subzones();
                })
                .operation("create-subzone", (caller, arguments) -> {
                    caller.require(CREATE_SUBZONE);
                    Subzone made = zone.createSubzone(text(arguments, "config"), text(arguments, "networkMapAddress"),
                            text(arguments, "networkParameters"), text(arguments, "label"), text(arguments, "labelColor"));
                    return Map.of("id", made.id(), "token", made.token());
                })
                .operation("network-map-config-get", (caller, arguments) -> {
                    caller.require(GET_NM_CONFIG, text(arguments, "subzone"));
                    return configured(zone.subzone(text(arguments, "subzone")));
                })
                .operation("network-map-config-set", (caller, arguments) -> {
                    caller.require(UPDATE_NM_CONFIG, text(arguments, "subzone"));
                    return configured(zone.configureSubzone(text(arguments, "subzone"), text(arguments, "config")));
                })
                .operation("network-map-set-address", (caller, arguments) -> {
                    caller.require(UPDATE_NM_ADDRESS, text(arguments, "subzone"));
                    zone.subzoneAddress(text(arguments, "subzone"), text(arguments, "address"));
                    return Map.of();
                })
                .operation("get-label", (caller, arguments) -> {
                    caller.require(GET_SUBZONE_LABEL, text(arguments, "subzone"));
                    Subzone subzone = zone.subzone(text(arguments, "subzone"));
                    return Map.of("label", subzone.label(), "labelColor", subzone.labelColor());
                })
                .operation("set-label", (caller, arguments) -> {
                    caller.require(UPDATE_SUBZONE_LABEL, text(arguments, "subzone"));
                    zone.subzoneLabel(text(arguments, "subzone"), text(arguments, "label"), text(arguments, "labelColor"));
                    return Map.of();
                });
    }

    private void single(AdminListener admin, String name, ServiceKind kind, String read, String write, String address) {
        admin.operation(name + "-config-get", (caller, arguments) -> {
            caller.require(read);
            return zone.configuration(kind);
        }).operation(name + "-config-set", (caller, arguments) -> {
            caller.require(write);
            return zone.configure(kind, text(arguments, "config"));
        }).operation(name + "-set-address", (caller, arguments) -> {
            caller.require(address);
            zone.address(kind, text(arguments, "address"));
            return Map.of();
        });
    }

    /** For the Gateway: where to forward a call of this user. */
    private Object locate(Caller caller, JsonNode arguments) {
        String address = switch (text(arguments, "service")) {
            case "identity-manager" -> zone.address(ServiceKind.IDENTITY_MANAGER);
            case "signer" -> zone.address(ServiceKind.SIGNER);
            default -> zone.subzone(text(arguments, "subzone")).networkMapAddress();
        };
        return Map.of("address", address == null ? "" : address);
    }

    private Object addresses(Caller caller, JsonNode arguments) {
        caller.require(GET_SERVICES_ADDRESSES);
        Map<String, Object> addresses = new LinkedHashMap<>();
        addresses.put("identityManager", zone.address(ServiceKind.IDENTITY_MANAGER));
        addresses.put("signer", zone.address(ServiceKind.SIGNER));
        String only = arguments.path("subzone").asText("");
        Map<String, String> maps = new LinkedHashMap<>();
        zone.subzones().stream().filter(one -> only.isEmpty() || only.equals(String.valueOf(one.id())))
                .forEach(one -> maps.put(String.valueOf(one.id()), one.networkMapAddress()));
        addresses.put("networkMaps", maps);
        return addresses;
    }

    private static Configured configured(Subzone subzone) {
        return new Configured(subzone.config(), subzone.token());
    }

    private static String text(JsonNode arguments, String name) {
        JsonNode value = arguments.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw ServiceError.invalid("the argument '" + name + "' is missing");
        }
        return value.asText();
    }
}
