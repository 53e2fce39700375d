package org.cordanetes.standin.zone;

import com.typesafe.config.Config;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.ParametersText;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;
import org.cordanetes.standin.zone.ZoneRecords.Configured;
import org.cordanetes.standin.zone.ZoneRecords.Single;
import org.cordanetes.standin.zone.ZoneRecords.Subzone;
import org.cordanetes.standin.zone.ZoneRecords.SubzoneView;

/** Configurations, tokens, addresses and subzones of one zone. */
final class Zone {
    private final Documents<Single> singles;
    private final Documents<Subzone> subzones;

    Zone(Database database) {
        this.singles = new Documents<>(database, "service", Single.class);
        this.subzones = new Documents<>(database, "subzone", Subzone.class);
    }

    /** Stores the configuration; a service keeps its token for ever. */
    synchronized Configured configure(ServiceKind kind, String text) {
        kind.accept(text);
        Single old = single(kind);
        String token = old.token() == null ? newToken() : old.token();
        singles.put(kind.name(), new Single(token, text, old.address()));
        return new Configured(text, token);
    }

    Configured configuration(ServiceKind kind) {
        Single single = single(kind);
        if (single.config() == null) {
            throw ServiceError.notFound("no configuration has been set for the " + kind.title());
        }
        return new Configured(single.config(), single.token());
    }

    synchronized void address(ServiceKind kind, String address) {
        requireAddress(address);
        Single old = single(kind);
        singles.put(kind.name(), new Single(old.token(), old.config(), address));
    }

    String address(ServiceKind kind) {
        return single(kind).address();
    }

    /** Makes another subzone, whatever exists: nothing about a subzone is unique but its id. */
    synchronized Subzone createSubzone(String config, String address, String parameters, String label, String color) {
        requireLabel(label, color);
        requireAddress(address);
        Config checked = ServiceKind.NETWORK_MAP.accept(config);
        requireAdminPort(checked, address);
        requireParameters(parameters);
        int id = subzones.all().stream().mapToInt(Subzone::id).max().orElse(0) + 1;
        Subzone subzone = new Subzone(id, label, color, address, newToken(), config, parameters);
        subzones.put(String.valueOf(id), subzone);
        return subzone;
    }

    List<SubzoneView> subzones() {
        return subzones.all().stream().sorted(Comparator.comparingInt(Subzone::id))
                .map(one -> new SubzoneView(one.id(), one.label(), one.labelColor(), one.networkMapAddress())).toList();
    }

    Subzone subzone(String id) {
        return subzones.find(id).orElseThrow(() -> new ServiceError(404, "ZONE_SERVICE_SUBZONE_NOT_FOUND",
                "there is no subzone with the id '" + id + "'"));
    }

    synchronized Subzone configureSubzone(String id, String text) {
        Subzone old = subzone(id);
        ServiceKind.NETWORK_MAP.accept(text);
        return keep(new Subzone(old.id(), old.label(), old.labelColor(), old.networkMapAddress(), old.token(), text,
                old.networkParameters()));
    }

    synchronized Subzone subzoneAddress(String id, String address) {
        requireAddress(address);
        Subzone old = subzone(id);
        return keep(new Subzone(old.id(), old.label(), old.labelColor(), address, old.token(), old.config(),
                old.networkParameters()));
    }

    synchronized Subzone subzoneLabel(String id, String label, String color) {
        requireLabel(label, color);
        Subzone old = subzone(id);
        return keep(new Subzone(old.id(), label, color, old.networkMapAddress(), old.token(), old.config(),
                old.networkParameters()));
    }

    /** The kind of service that a token belongs to, with its configuration, or null for an unknown token. */
    Assigned assigned(String token) {
        for (ServiceKind kind : List.of(ServiceKind.IDENTITY_MANAGER, ServiceKind.SIGNER)) {
            Single single = single(kind);
            if (token.equals(single.token())) {
                return new Assigned(kind, null, single.config(), null);
            }
        }
        return subzones.where(one -> token.equals(one.token())).stream().findFirst().map(one -> new Assigned(
                ServiceKind.NETWORK_MAP, String.valueOf(one.id()), one.config(), one.networkParameters())).orElse(null);
    }

    /** What an Angel is to run. */
    record Assigned(ServiceKind kind, String subzone, String config, String networkParameters) {}

    private Subzone keep(Subzone subzone) {
        subzones.put(String.valueOf(subzone.id()), subzone);
        return subzone;
    }

    private Single single(ServiceKind kind) {
        return singles.find(kind.name()).orElse(new Single(null, null, null));
    }

    private static String newToken() {
        return UUID.randomUUID().toString();
    }

    private static void requireAddress(String address) {
        if (!address.matches("[^\\s:]+:\\d{1,5}")) {
            throw ServiceError.invalid("'" + address + "' is not an address of the form host:port");
        }
    }

    private static void requireLabel(String label, String color) {
        if (label.isBlank() || label.length() > 100 || !color.matches("#[0-9a-fA-F]{6}")) {
            throw new ServiceError(400, "ZONE_SERVICE_LABEL_VALIDATION_FAILED",
                    "a label must not be empty and its colour must look like #1a2b3c");
        }
    }

    private static void requireAdminPort(Config config, String address) {
        int port = config.getInt("adminListener.port");
        if (!address.endsWith(":" + port)) {
            throw new ServiceError(400, "ZONE_SERVICE_CONFIG_VALIDATION_FAILED", "the network map address " + address
                    + " must have the port " + port + " of the configuration's adminListener");
        }
    }

    private static void requireParameters(String text) {
        try {
            ParametersText.read(text, "the network parameters");
        } catch (ConfigException e) {
            throw new ServiceError(400, "ZONE_SERVICE_CONFIG_VALIDATION_FAILED", String.join("; ", e.problems()));
        }
    }
}
