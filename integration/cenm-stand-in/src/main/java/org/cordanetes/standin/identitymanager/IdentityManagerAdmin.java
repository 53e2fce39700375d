package org.cordanetes.standin.identitymanager;

import static org.cordanetes.standin.access.Grant.GLOBAL;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.CertificateRequest.Status;

/** The admin operations of the Identity Manager. */
final class IdentityManagerAdmin {
    private final Requests requests;
    private final Revocations revocations;

    IdentityManagerAdmin(Requests requests, Revocations revocations) {
        this.requests = requests;
        this.revocations = revocations;
    }

    /** What the command line shows of a request. */
    record View(String requestId, String legalName, String role, String status, String serial) {}

    void on(AdminListener admin) {
        admin.operation("status", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            return Map.of("service", "Identity Manager (stand-in)", "status", "UP",
                    "waiting", requests.inStatus(Status.APPROVED).size(), "issued", requests.inStatus(Status.ISSUED).size());
        }).operation("csr-list", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            // Every request is decided at once: none is pending.
            return arguments.path("state").asText().equals("pending") ? List.of()
                    : requests.inStatus(Status.APPROVED).stream().map(IdentityManagerAdmin::view).toList();
        }).operation("crr-list", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            return arguments.path("state").asText().equals("pending") ? List.of() : revocations.all();
        }).operation("crr-submit", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            return revocations.revoke(arguments);
        }).operation("crl-get", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            byte[] der = revocations.list(Revocations.OWN)
                    .orElseThrow(() -> ServiceError.notFound("no certificate revocation list has been signed yet"));
            return Map.of("crl", Base64.getEncoder().encodeToString(der));
        }).operation("cert-path", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            return requests.byName(arguments.path("legalName").asText("")).stream()
                    .map(CertificateRequest::certificates).findFirst().orElseThrow(() -> new ServiceError(404,
                            "IDENTITY_MANAGER_CERTIFICATE_NOT_FOUND", "no certificate was issued to this name"));
        }).operation("plugins", (caller, arguments) -> {
            caller.requireAny(GLOBAL);
            return List.of(IdentityManagerConfig.APPROVE_ALL);
        });
    }

    private static View view(CertificateRequest request) {
        return new View(request.id(), request.legalName(), request.role(), request.status().name(), request.serial());
    }
}
