package org.cordanetes.standin.signer;

import static org.cordanetes.standin.access.Permissions.*;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.access.Caller;
import org.cordanetes.standin.access.Grant;
import org.cordanetes.standin.http.ServiceError;

/** The admin operations of the Signing Service. */
final class SignerAdmin {
    private final Signers signers;

    SignerAdmin(Signers signers) {
        this.signers = signers;
    }

    /** What {@code signer list} shows. */
    record View(String name, String type, boolean scheduled, String interval) {}

    void on(AdminListener admin) {
        admin.operation("status", (caller, arguments) -> {
            caller.requireAny(Grant.GLOBAL);
            return Map.of("service", "Signing Service (stand-in)", "status", "UP");
        }).operation("list", (caller, arguments) -> {
            caller.require(GET_ALL_SIGNERS);
            return signers.all().stream().map(one -> new View(one.name(), one.type(), one.interval().isPresent(),
                    one.interval().map(Object::toString).orElse(null))).toList();
        }).operation("zone-material", (caller, arguments) -> {
            caller.require(GET_ZONE_MATERIALS);
            return Map.of("csr", waiting("CSR"), "crl", waiting("CRL"));
        }).operation("subzone-material", (caller, arguments) -> {
            requireHereOrGlobally(caller, GET_SUBZONE_MATERIALS, arguments.path("subzone").asText());
            return Map.of("networkMap", waiting("NETWORK_MAP"), "networkParameters", waiting("NETWORK_PARAMETERS"));
        });
        pair(admin, "csr", "CSR", GET_CSRS, SIGN_CSRS);
        pair(admin, "crl", "CRL", GET_CRL, SIGN_CRL);
        pair(admin, "netmap", "NETWORK_MAP", GET_UNSIGNED_NETWORK_MAP, SIGN_NETWORK_MAP);
        pair(admin, "netparams", "NETWORK_PARAMETERS", GET_UNSIGNED_NETWORK_PARAMS, SIGN_NETWORK_PARAMETERS);
    }

    private void pair(AdminListener admin, String name, String type, String read, String write) {
        admin.operation(name + "-unsigned", (caller, arguments) -> {
            requireHereOrGlobally(caller, read, arguments.path("subzone").asText());
            return waiting(type);
        }).operation(name + "-sign", (caller, arguments) -> {
            requireHereOrGlobally(caller, write, arguments.path("subzone").asText());
            Work work = signers.ofType(type);
            try {
                work.sign(arguments.path("id").asText(""));
            } catch (IOException e) {
                throw new ServiceError(503, "SIGNER_SIGNING_FAILED", e.getMessage());
            }
            String id = arguments.path("id").asText("");
            return Map.of("signed", id.isEmpty() ? type : id);
        });
    }

    private List<Work.Item> waiting(String type) {
        try {
            return signers.ofType(type).waiting();
        } catch (IOException e) {
            throw ServiceError.unavailable(e.getMessage());
        }
    }

    private static void requireHereOrGlobally(Caller caller, String permission, String subzone) {
        if (subzone.isEmpty() || !caller.may(permission, subzone)) {
            caller.require(permission);
        }
    }
}
